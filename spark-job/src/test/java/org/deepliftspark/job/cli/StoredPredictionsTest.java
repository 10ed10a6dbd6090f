package org.deepliftspark.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.npy.Npy;
import org.deepliftspark.engine.npy.NpyArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredPredictionsTest {
  private static final String CASE = "keras/tf_keras/";

  @TempDir Path folder;

  private static CommandRun verify(String... files) {
    return inspect(List.of("--verify"), files);
  }

  private static CommandRun inspect(List<String> before, String... files) {
    List<String> args = new ArrayList<>(List.of("inspect", "--model"));
    args.add(CommandRun.golden(CASE + "model.h5"));
    args.addAll(before);
    args.addAll(List.of(files));
    return CommandRun.of(args);
  }

  private static String file(String name) {
    return CommandRun.golden(CASE + name + ".npy");
  }

  /** A stored array with one number changed. */
  private String changed(String name, int index, float number) {
    NpyArray array = Npy.read(Path.of(file(name)));
    float[] numbers = array.floats().clone();
    numbers[index] = number;
    Path to = folder.resolve("changed.npy");
    Npy.write(to, numbers, array.shape());
    return to.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "nd4j"})
  void theFrameworksPredictionsAreVerified(String backend) {
    CommandRun run =
        inspect(
            List.of("--backend", backend, "--verify"),
            file("x"),
            file("output_0"),
            file("output_1"));
    assertThat(run.message()).isNull();
    assertThat(run.out().lines().filter(line -> line.startsWith("verified: ")))
        .hasSize(2)
        .allMatch(
            line -> line.matches("verified: .*, largest relative difference [0-9.]+(e-0[5-9])?"));
  }

  @Test
  void predictionsThatDifferAreRefused() {
    float stored = Npy.read(Path.of(file("output_0"))).floats()[0];
    CommandRun run = verify(file("x"), changed("output_0", 0, stored + .5f), file("output_1"));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.message())
        .matches(
            "deeplift: Predictions differ from .*changed.npy: output '.*', row 0, relative difference"
                + " [0-9.]+, expected at most 1e-04; check that the arrays belong to this model,"
                + " and --model-layout");
  }

  @Test
  void aStoredNumberThatIsNoneIsRefused() {
    CommandRun run = verify(file("x"), file("output_0"), changed("output_1", 1, Float.NaN));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.message()).contains("relative difference Infinity");
  }

  @Test
  void everyInputAndOutputNeedsAnArray() {
    CommandRun run = verify(file("x"), file("output_0"));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.message())
        .matches(
            "deeplift: Invalid --verify: expected an array for each of input '.*', output '.*',"
                + " output '.*', 3 in all, found 2");
  }

  @Test
  void anArrayOfAnotherShapeIsRefused() {
    CommandRun run = verify(file("output_0"), file("output_0"), file("output_1"));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.message())
        .startsWith("deeplift: Invalid --verify ")
        .contains("expected shape [");
  }
}
