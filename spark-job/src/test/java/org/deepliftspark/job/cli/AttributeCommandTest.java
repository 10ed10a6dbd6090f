package org.deepliftspark.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.npy.Npy;
import org.deepliftspark.engine.npy.NpyArray;
import org.deepliftspark.engine.npy.NpyFile;
import org.deepliftspark.engine.npy.NpyType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeCommandTest {
  private static final String CASE = "attribution/conv1d_dilated/";
  private static final String TWO_INPUTS = CommandRun.golden("onnx/arithmetic_opset13.onnx");
  private static final String NESTED = CommandRun.golden("keras/nested/model.keras");

  @TempDir Path folder;

  private CommandRun attribute(String output, String... more) {
    return attributeOf(CommandRun.golden(CASE + "inputs.npy"), output, more);
  }

  private CommandRun attributeOf(String inputs, String output, String... more) {
    List<String> args = new ArrayList<>(List.of("attribute", "--model"));
    args.addAll(List.of(CommandRun.golden(CASE + "model.onnx"), "--inputs", inputs));
    args.addAll(List.of("--target", "0", "--output", folder.resolve(output).toString()));
    args.addAll(List.of(more));
    return CommandRun.of(args);
  }

  private NpyArray array(String output, String name) {
    return CommandRun.array(folder.resolve(output), name);
  }

  @Test
  void cudaThatThisBuildLacksIsSaidInOneLineBeforeAnythingIsWritten() {
    assumeTrue(Backends.named("onnx:cuda").absent().isPresent(), "this build has CUDA");
    CommandRun run =
        attribute(
            "out",
            "--references",
            CommandRun.golden(CASE + "references.npy"),
            "--backend",
            "onnx:cuda");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.message())
        .isEqualTo(
            "deeplift: Backend 'onnx:cuda' cannot run here: this build has ONNX Runtime without CUDA;"
                + " build it with -Pgpu (docs/gpu.md)");
    assertThat(run.out()).isEmpty();
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void writesEveryArrayInItsShapeWithTheExpectedNumbers() {
    CommandRun run =
        attribute(
            "out", "--references", CommandRun.golden(CASE + "references.npy"), "--hypothetical");
    assertThat(run.message()).isNull();
    assertThat(run.out())
        .matches(
            "5 rows, largest \\|convergence delta\\| [0-9.e-]+, written to .*out"
                + System.lineSeparator());
    assertThat(array("out", "contributions").shape()).containsExactly(5, 60, 4);
    assertThat(array("out", "multipliers").shape()).containsExactly(5, 60, 4);
    assertThat(array("out", "predictions").shape()).containsExactly(5);
    assertThat(array("out", "reference_predictions").shape()).containsExactly(5, 3);
    assertThat(array("out", "convergence_delta").shape()).containsExactly(5, 3);
    assertEqual(array("out", "contributions"), CommandRun.golden(CASE + "expected_rescale_t0.npy"));
    assertEqual(
        array("out", "hypothetical"), CommandRun.golden(CASE + "expected_hyp_rescale_t0.npy"));
  }

  private static void assertEqual(NpyArray found, String file) {
    NpyArray expected = Npy.read(Path.of(file));
    assertThat(found.shape()).isEqualTo(expected.shape());
    assertThat(found.floats()).containsExactly(expected.floats(), within(3e-6f));
  }

  @Test
  void hypotheticalContributionsAreWrittenOnlyWhenAsked() {
    attribute("out", "--references", "zeros");
    assertThat(folder.resolve("out/contributions.npy")).exists();
    assertThat(folder.resolve("out/hypothetical.npy")).doesNotExist();
  }

  @Test
  void neitherThreadsNorBatchesChangeANumber() throws IOException {
    attribute("one", "--references", "dinuc-shuffle:4", "--threads", "1", "--batch", "5");
    attribute("many", "--references", "dinuc-shuffle:4", "--threads", "3", "--batch", "2");
    for (String name : List.of("contributions", "multipliers", "reference_predictions")) {
      assertThat(Files.readAllBytes(folder.resolve("many/" + name + ".npy")))
          .isEqualTo(Files.readAllBytes(folder.resolve("one/" + name + ".npy")));
    }
  }

  @Test
  void shufflesGoByTheRowsContentAndTheSeedNotByItsPlace() {
    NpyArray inputs = Npy.read(Path.of(CommandRun.golden(CASE + "inputs.npy")));
    int size = 60 * 4;
    float[] lastFirst = new float[5 * size];
    for (int row = 0; row < 5; row++) {
      System.arraycopy(inputs.floats(), (4 - row) * size, lastFirst, row * size, size);
    }
    Npy.write(folder.resolve("reversed.npy"), lastFirst, 5, 60, 4);
    attribute("out", "--references", "dinuc-shuffle:2");
    attributeOf(
        folder.resolve("reversed.npy").toString(), "reversed", "--references", "dinuc-shuffle:2");
    attribute("other", "--references", "dinuc-shuffle:2", "--seed", "2");
    float[] predictions = array("out", "reference_predictions").floats();
    float[] reversed = array("reversed", "reference_predictions").floats();
    for (int row = 0; row < 5; row++) {
      assertThat(reversed[2 * row]).isEqualTo(predictions[2 * (4 - row)]);
      assertThat(reversed[2 * row + 1]).isEqualTo(predictions[2 * (4 - row) + 1]);
    }
    assertThat(array("other", "reference_predictions").floats()).isNotEqualTo(predictions);
  }

  @ParameterizedTest
  @ValueSource(strings = {"smoothgrad:3:0.1", "expected-gradients", "shapley-sampling:1"})
  void whatAMethodDrawsGoesByTheRowAndTheSeed(String method) throws IOException {
    String[] common = {"--references", "dinuc-shuffle:2", "--method", method};
    attribute(
        "one", Stream.concat(Stream.of(common), Stream.of("--batch", "5")).toArray(String[]::new));
    attribute(
        "many", Stream.concat(Stream.of(common), Stream.of("--batch", "2")).toArray(String[]::new));
    attribute("other", "--references", "zeros", "--method", method);
    attribute("seed", "--references", "zeros", "--method", method, "--seed", "2");
    assertThat(Files.readAllBytes(folder.resolve("many/contributions.npy")))
        .isEqualTo(Files.readAllBytes(folder.resolve("one/contributions.npy")));
    assertThat(array("seed", "contributions").floats())
        .isNotEqualTo(array("other", "contributions").floats());
  }

  @Test
  void methodsWithoutMultipliersWriteNone() {
    attribute("out", "--references", "zeros", "--method", "occlusion:20:10");
    assertThat(array("out", "contributions").shape()).containsExactly(5, 60, 4);
    assertThat(folder.resolve("out/multipliers.npy")).doesNotExist();
  }

  @Test
  void theScaleMultipliesInputsAndReferences() {
    float[] inputs = Npy.read(Path.of(CommandRun.golden(CASE + "inputs.npy"))).floats();
    float[] references = Npy.read(Path.of(CommandRun.golden(CASE + "references.npy"))).floats();
    Npy.write(folder.resolve("x.npy"), times(inputs, 4), 5, 60, 4);
    Npy.write(folder.resolve("r.npy"), times(references, 4), 5, 3, 60, 4);
    attribute("out", "--references", CommandRun.golden(CASE + "references.npy"));
    attributeOf(
        folder.resolve("x.npy").toString(),
        "scaled",
        "--references",
        folder.resolve("r.npy").toString(),
        "--input-scale",
        "0.25");
    assertThat(array("scaled", "contributions").floats())
        .isEqualTo(array("out", "contributions").floats());
  }

  private static float[] times(float[] numbers, float factor) {
    float[] products = numbers.clone();
    for (int i = 0; i < products.length; i++) {
      products[i] *= factor;
    }
    return products;
  }

  @Test
  void doublePrecisionIsWrittenInDoubleAndSumsToDelta() {
    CommandRun run =
        attribute("out", "--references", "zeros", "--backend", "nd4j", "--precision", "f64");
    assertThat(run.message()).isNull();
    for (double delta : array("out", "convergence_delta").doubles()) {
      assertThat(delta).isCloseTo(0, within(1e-11));
    }
    try (NpyFile file = NpyFile.open(folder.resolve("out/contributions.npy"))) {
      assertThat(file.type()).isEqualTo(NpyType.F8);
    }
  }

  @Test
  void everyInputOfSeveralHasItsReferencesAndArrays() {
    float[] a = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    Npy.write(folder.resolve("a.npy"), a, 2, 6);
    Npy.write(folder.resolve("b.npy"), times(a, 0.5f), 2, 6);
    CommandRun run = twoInputs("--references", "a=zeros", "--references", "b=zeros");
    assertThat(run.message()).isNull();
    assertThat(array("out", "contributions_a").floats())
        .containsExactly(1, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0);
    assertThat(array("out", "contributions_b").floats())
        .containsExactly(-0.5f, 0, 0, 0, 0, 0, -3.5f, 0, 0, 0, 0, 0);
  }

  @Test
  void anInputThatIsHeldGetsNoArrays() {
    float[] rows = new float[12];
    Npy.write(folder.resolve("a.npy"), rows, 2, 6);
    Npy.write(folder.resolve("b.npy"), rows, 2, 6);
    twoInputs("--references", "a=zeros", "--references", "b=hold");
    assertThat(folder.resolve("out/contributions_a.npy")).exists();
    assertThat(folder.resolve("out/contributions_b.npy")).doesNotExist();
  }

  /** A Keras file whose two inputs meet in a sum before a dense layer. */
  @Test
  void contributionsOfTheOtherInputAloneSumToDeltaWhereOneIsHeld() {
    for (List<String> names : List.of(List.of("a", "b"), List.of("b", "a"))) {
      String explained = names.get(0);
      String held = names.get(1);
      List<String> args = new ArrayList<>(List.of("attribute", "--model", NESTED));
      args.addAll(List.of("--inputs", "a=" + nested("a"), "b=" + nested("b")));
      args.addAll(List.of("--references", explained + "=zeros", held + "=hold"));
      args.addAll(List.of("--target", "shared:0"));
      args.addAll(List.of("--output", folder.resolve(explained).toString()));
      assertThat(CommandRun.of(args).message()).isNull();
      assertThat(folder.resolve(explained + "/contributions_" + held + ".npy")).doesNotExist();
      float[] contributions = array(explained, "contributions_" + explained).floats();
      float[] predictions = array(explained, "predictions").floats();
      float[] ofReferences = array(explained, "reference_predictions").floats();
      int size = contributions.length / predictions.length;
      for (int row = 0; row < predictions.length; row++) {
        float sum = 0;
        for (int i = 0; i < size; i++) {
          sum += contributions[row * size + i];
        }
        assertThat(sum).isNotZero().isCloseTo(predictions[row] - ofReferences[row], within(1e-5f));
      }
    }
  }

  private static String nested(String input) {
    return CommandRun.golden("keras/nested/" + input + ".npy");
  }

  @Test
  void inputsOfSeveralAreToldApartByName() {
    Npy.write(folder.resolve("a.npy"), new float[12], 2, 6);
    Npy.write(folder.resolve("b.npy"), new float[18], 3, 6);
    assertThat(twoInputs("--references", "a=zeros", "--references", "b=zeros").message())
        .isEqualTo(
            "deeplift: Invalid --inputs: expected as many rows for each input, found 2 for 'a' and 3 for 'b'");
    assertThat(twoInputs("--references", "a=zeros").message())
        .isEqualTo("deeplift: Missing --references for input 'b' of the model");
    assertThat(twoInputs("--references", "zeros").message())
        .isEqualTo(
            "deeplift: Invalid --references zeros: the model has inputs a, b, expected NAME=VALUE with one of these names");
    assertThat(twoInputs("--references", "a=zeros", "--references", "a=hold").message())
        .isEqualTo("deeplift: Invalid --references a=hold: input 'a' has one");
  }

  private CommandRun twoInputs(String... more) {
    List<String> args = new ArrayList<>(List.of("attribute", "--model", TWO_INPUTS));
    args.addAll(List.of("--inputs", "a=" + folder.resolve("a.npy")));
    args.addAll(List.of("--inputs", "b=" + folder.resolve("b.npy")));
    args.addAll(List.of("--target", "sub6:0", "--output", folder.resolve("out").toString()));
    args.addAll(List.of(more));
    return CommandRun.of(args);
  }

  /** Row 1 overflows after the scale; the rows beside it are as they are without it. */
  @Test
  void aRowWithoutAFiniteResultIsNamedAndAllItsNumbersAreNaN() {
    float[] inputs = Npy.read(Path.of(CommandRun.golden(CASE + "inputs.npy"))).floats();
    float[] large = inputs.clone();
    for (int i = 240; i < 480; i++) {
      large[i] *= 3e38f;
    }
    Npy.write(folder.resolve("large.npy"), large, 5, 60, 4);
    attribute("usual", "--references", "zeros");
    CommandRun run =
        attributeOf(folder.resolve("large.npy").toString(), "out", "--references", "zeros");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.message())
        .isEqualTo(
            "deeplift: 1 of 5 rows have no finite result: row 1; all their numbers in %s are NaN"
                .formatted(folder.resolve("out")));
    assertThat(run.out()).startsWith("5 rows, largest |convergence delta| ").doesNotContain("NaN");
    for (String name : List.of("contributions", "multipliers", "predictions")) {
      float[] usual = array("usual", name).floats();
      float[] found = array("out", name).floats();
      int size = found.length / 5;
      Arrays.fill(usual, size, 2 * size, Float.NaN);
      assertThat(Arrays.equals(found, usual)).as(name).isTrue();
    }
  }

  @Test
  void referencesThatAreNotFiniteAreRefused() {
    float[] references = Npy.read(Path.of(CommandRun.golden(CASE + "references.npy"))).floats();
    references[2] = Float.NEGATIVE_INFINITY;
    int rows = references.length / (3 * 240);
    Path file = folder.resolve("r.npy");
    Npy.write(file, references, rows, 3, 60, 4);
    CommandRun run = attribute("out", "--references", file.toString());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.message())
        .contains("Invalid references ")
        .endsWith("r.npy: row 0 holds -Infinity, expected finite numbers");
  }

  @Test
  void aScaleThatLeavesTheRangeOfFloatIsRefused() {
    float[] inputs = Npy.read(Path.of(CommandRun.golden(CASE + "inputs.npy"))).floats();
    Npy.write(folder.resolve("x.npy"), times(inputs, 4), 5, 60, 4);
    String[] scale = {"--references", "zeros", "--input-scale", "3e38"};
    CommandRun run = attributeOf(folder.resolve("x.npy").toString(), "out", scale);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.message())
        .startsWith("deeplift: Invalid input ")
        .endsWith("holds Infinity, expected finite numbers");
  }
}
