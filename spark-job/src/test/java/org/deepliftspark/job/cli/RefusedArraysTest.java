package org.deepliftspark.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.npy.Npy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What attribute cannot work with ends in one line and status 2. */
class RefusedArraysTest {
  private static final String CASE = "attribution/mlp_h5/";

  @TempDir Path folder;

  private String model = CommandRun.golden(CASE + "model.h5");
  private String inputs = CommandRun.golden(CASE + "inputs.npy");
  private String references = "zeros";
  private String target = "0";
  private String output;

  /** The line that the command ends with, without the program's name. */
  private String refusal(String... more) {
    output = output == null ? folder.resolve("out").toString() : output;
    List<String> args = new ArrayList<>(List.of("attribute", "--model", model));
    args.addAll(List.of("--inputs", inputs, "--references", references));
    args.addAll(List.of("--target", target, "--output", output));
    args.addAll(List.of(more));
    CommandRun run = CommandRun.of(args);
    assertThat(run.status()).as(run.message()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.message()).doesNotContain("\n");
    return run.message().replaceFirst("^deeplift: ", "").replace(folder.toString(), "FOLDER");
  }

  @Test
  void aModelThatIsNotThere() {
    model = folder.resolve("m.h5").toString();
    assertThat(refusal()).isEqualTo("Cannot read --model FOLDER/m.h5: no such file");
  }

  @Test
  void aFolderAsModel() {
    model = folder.toString();
    assertThat(refusal())
        .isEqualTo("Cannot read --model FOLDER: it is a directory, expected a file");
  }

  @Test
  void aFileThatIsNoModel() throws IOException {
    model = Files.writeString(folder.resolve("m.txt"), "not a model").toString();
    assertThat(refusal()).startsWith("Cannot read model m.txt: neither Keras");
  }

  @Test
  void aTruncatedModel() throws IOException {
    model = CommandRun.truncated(model, folder.resolve("half.h5"));
    assertThat(refusal()).contains("half.h5");
  }

  @Test
  void aUnitThatTheOutputLacks() {
    target = "7";
    assertThat(refusal())
        .startsWith("Invalid target '7' (--target): ")
        .contains("expected an index from 0 to");
  }

  @Test
  void severalTargets() {
    assertThat(refusal("--target", "1"))
        .isEqualTo(
            "Invalid --target: attribute writes the arrays of one target, found 2; run it once for each, or use score");
  }

  @Test
  void inputsThatAreNotThere() {
    inputs = folder.resolve("x.npy").toString();
    assertThat(refusal()).isEqualTo("Cannot read FOLDER/x.npy: no such file");
  }

  @Test
  void inputsOfAnotherShape() {
    inputs = folder.resolve("x.npy").toString();
    Npy.write(Path.of(inputs), new float[24], 2, 4, 3);
    assertThat(refusal())
        .isEqualTo("Invalid --inputs FOLDER/x.npy: expected shape [rows, 12], found [2, 4, 3]");
  }

  @Test
  void inputsWithoutRows() {
    inputs = folder.resolve("x.npy").toString();
    Npy.write(Path.of(inputs), new float[0], 0, 12);
    assertThat(refusal())
        .isEqualTo("Invalid --inputs FOLDER/x.npy: expected at least 1 row, found shape [0, 12]");
  }

  @Test
  void numbersThatAreNotFinite() {
    inputs = folder.resolve("x.npy").toString();
    float[] rows = new float[24];
    rows[13] = Float.NaN;
    Npy.write(Path.of(inputs), rows, 2, 12);
    assertThat(refusal())
        .isEqualTo("Invalid --inputs FOLDER/x.npy: row 1 holds NaN, expected finite numbers");
    assertThat(folder.resolve("out")).isEmptyDirectory();
  }

  @Test
  void referencesOfAnotherShape() {
    references = folder.resolve("r.npy").toString();
    Npy.write(Path.of(references), new float[36], 3, 1, 12);
    assertThat(refusal())
        .isEqualTo(
            "Invalid references FOLDER/r.npy: expected shape [1 or 6, references, 12], found [3, 1, 12]");
  }

  @Test
  void referencesThatNothingKnows() {
    references = "zero";
    assertThat(refusal()).startsWith("Unknown references 'zero'. Did you mean zeros?");
  }

  @Test
  void referencesInATable() {
    references = "table:r.parquet";
    assertThat(refusal())
        .isEqualTo(
            "Invalid --references table:r.parquet: tables are for score; give an .npy file here");
  }

  @Test
  void shufflesOfNumbersThatAreNoLetters() {
    references = "dinuc-shuffle:2";
    assertThat(refusal()).startsWith("dinuc-shuffle needs a one-hot sequence: position 1 of input");
  }

  @Test
  void aFileAsOutput() throws IOException {
    output = Files.writeString(folder.resolve("file"), "").toString();
    assertThat(refusal()).isEqualTo("Cannot write to --output FOLDER/file: it is no folder");
  }

  @Test
  void aBackendThatThereIsNot() {
    assertThat(refusal("--backend", "onyx"))
        .startsWith(
            "Unknown backend 'onyx': expected one of auto, auto:timed, onnx:cuda, nd4j:cuda, ")
        .contains(" onnx, cpu, nd4j"); // among those that only tests have
  }

  @Test
  void doublePrecisionOnOnnx() {
    assertThat(refusal("--precision", "f64"))
        .startsWith("Cannot compute in double on backend 'onnx'");
  }

  @Test
  void aLayoutThatNothingKnows() {
    assertThat(refusal("--model-layout", "first"))
        .isEqualTo(
            "Invalid value 'first' for --model-layout: expected one of auto, channels-first, channels-last");
  }

  @Test
  void anUnknownOptionWithTheNearestOne() {
    assertThat(refusal("--bakend", "onnx"))
        .isEqualTo("Unknown option --bakend for 'attribute'. Did you mean --backend?");
  }
}
