package org.deepliftspark.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import onnx.Onnx;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.npy.Npy;
import org.deepliftspark.job.SparkHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.protobuf.ByteString;

/** {@code attribute} averaged over models and strands, by itself and beside {@code score}. */
@ExtendWith(SparkHarness.class)
class EnsembleTest {
  private static final String CASE = "attribution/conv1d_dilated/";
  private static final String MODEL = CommandRun.golden(CASE + "model.onnx");
  private static final String INPUTS = CommandRun.golden(CASE + "inputs.npy");
  private static final String REFERENCES = CommandRun.golden(CASE + "references.npy");
  private static final int ROWS = 5;
  private static final int LENGTH = 60;
  private static final List<String> SCORES =
      List.of("contributions", "multipliers", "hypothetical");
  private static final List<String> PREDICTIONS =
      List.of("predictions", "reference_predictions", "convergence_delta");

  @TempDir Path folder;

  private CommandRun attribute(
      String output, List<String> models, String inputs, String references, String... more) {
    List<String> args = new ArrayList<>(List.of("attribute", "--model"));
    args.addAll(models);
    args.addAll(List.of("--inputs", inputs, "--references", references, "--target", "0"));
    args.addAll(List.of("--backend", "onnx", "--hypothetical"));
    args.addAll(List.of("--output", folder.resolve(output).toString()));
    args.addAll(List.of(more));
    return CommandRun.of(args);
  }

  private float[] array(String output, String name) {
    return CommandRun.array(folder.resolve(output), name).floats();
  }

  /** The network of the case with its first weights halved. */
  private String otherFold() throws IOException {
    Onnx.ModelProto.Builder model =
        Onnx.ModelProto.parseFrom(Files.readAllBytes(Path.of(MODEL))).toBuilder();
    Onnx.TensorProto.Builder weights = model.getGraphBuilder().getInitializerBuilder(0);
    byte[] raw = weights.getRawData().toByteArray();
    FloatBuffer numbers = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    for (int i = 0; i < numbers.capacity(); i++) {
      numbers.put(i, numbers.get(i) / 2);
    }
    weights.setRawData(ByteString.copyFrom(raw));
    return Files.write(folder.resolve("other.onnx"), model.build().toByteArray()).toString();
  }

  /** The reverse complement of one-hot rows, or their scores turned back. */
  private static float[] turned(float[] rows) {
    int size = LENGTH * 4;
    float[] turned = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      turned[i / size * size + size - 1 - i % size] = rows[i];
    }
    return turned;
  }

  private String turnedFile(String name, String file, int... shape) {
    Npy.write(folder.resolve(name), turned(Npy.read(Path.of(file)).floats()), shape);
    return folder.resolve(name).toString();
  }

  private static void assertMean(float[] mean, float[] a, float[] b) {
    assertThat(a).isNotEqualTo(b);
    for (int i = 0; i < mean.length; i++) {
      assertThat(mean[i]).isEqualTo((float) (((double) a[i] + b[i]) / 2));
    }
  }

  @Test
  void severalModelsAreAveragedAndTheirSpreadIsWritten() throws IOException {
    String other = otherFold();
    attribute("one", List.of(MODEL), INPUTS, REFERENCES);
    attribute("two", List.of(other), INPUTS, REFERENCES);
    CommandRun run = attribute("both", List.of(MODEL, other), INPUTS, REFERENCES, "--batch=2");
    assertThat(run.message()).isNull();
    for (List<String> names : List.of(SCORES, PREDICTIONS)) {
      names.forEach(n -> assertMean(array("both", n), array("one", n), array("two", n)));
    }
    float[] a = array("one", "contributions");
    float[] b = array("two", "contributions");
    float[] spread = array("both", "contributions_spread");
    for (int i = 0; i < spread.length; i++) {
      assertThat(spread[i])
          .isCloseTo((float) (Math.abs(a[i] - b[i]) / Math.sqrt(2)), within(1e-6f));
    }
    assertThat(array("both", "prediction_spread")).hasSize(ROWS);
    assertThat(folder.resolve("one/contributions_spread.npy")).doesNotExist();
  }

  @Test
  void theOtherStrandIsAveragedInWithItsReferences() {
    attribute("forward", List.of(MODEL), INPUTS, REFERENCES);
    attribute(
        "other",
        List.of(MODEL),
        turnedFile("x.npy", INPUTS, ROWS, LENGTH, 4),
        turnedFile("r.npy", REFERENCES, ROWS, 3, LENGTH, 4));
    CommandRun run =
        attribute("both", List.of(MODEL), INPUTS, REFERENCES, "--reverse-complement=average");
    assertThat(run.message()).isNull();
    SCORES.forEach(
        n -> assertMean(array("both", n), array("forward", n), turned(array("other", n))));
    PREDICTIONS.forEach(n -> assertMean(array("both", n), array("forward", n), array("other", n)));
  }

  @Test
  void referencesThatAllRowsShareAreTurnedToo() {
    String turnedInputs = turnedFile("x.npy", INPUTS, ROWS, LENGTH, 4);
    attribute("forward", List.of(MODEL), INPUTS, "background:0.4,0.3,0.2,0.1");
    attribute("other", List.of(MODEL), turnedInputs, "background:0.1,0.2,0.3,0.4");
    attribute(
        "both",
        List.of(MODEL),
        INPUTS,
        "background:0.4,0.3,0.2,0.1",
        "--reverse-complement=average");
    float[] forward = array("forward", "contributions");
    float[] other = turned(array("other", "contributions"));
    float[] both = array("both", "contributions");
    assertThat(forward).isNotEqualTo(other);
    for (int i = 0; i < both.length; i++) { // references that are constants round otherwise
      assertThat(both[i]).isCloseTo((forward[i] + other[i]) / 2, within(1e-6f));
    }
  }

  @Test
  void theNumbersAreThoseOfScore(SparkSession spark) throws IOException {
    float[] references = Arrays.copyOf(Npy.read(Path.of(REFERENCES)).floats(), 3 * LENGTH * 4);
    Path shared = folder.resolve("shared.npy");
    Npy.write(shared, references, 1, 3, LENGTH, 4);
    List<String> models = List.of(MODEL, otherFold());
    attribute("arrays", models, INPUTS, shared.toString(), "--reverse-complement=average");
    List<String> args = new ArrayList<>(List.of("score", "--model"));
    args.addAll(models);
    args.addAll(List.of("--input", fasta(Npy.read(Path.of(INPUTS)).floats()), "--target", "0"));
    args.addAll(List.of("--references", shared.toString(), "--reverse-complement=average"));
    args.addAll(List.of("--backend", "onnx", "--hypothetical", "--layout=full"));
    args.addAll(List.of("--output", folder.resolve("rows").toString()));
    assertThat(CommandRun.of(args).message()).isNull();
    List<Row> rows =
        spark.read().parquet(folder.resolve("rows").toString()).orderBy("id").collectAsList();
    assertThat(rows).hasSize(ROWS);
    for (String name : List.of("contributions", "contributions_spread", "hypothetical")) {
      float[] arrays = array("arrays", name);
      int size = arrays.length / ROWS;
      for (int row = 0; row < ROWS; row++) {
        List<Float> scores = rows.get(row).getList(rows.get(row).fieldIndex(name));
        for (int i = 0; i < size; i++) {
          assertThat(scores.get(i)).isEqualTo(arrays[row * size + i]);
        }
      }
    }
    for (int row = 0; row < ROWS; row++) {
      assertThat(rows.get(row).<Double>getAs("prediction").floatValue())
          .isCloseTo(array("arrays", "predictions")[row], within(1e-6f));
      assertThat(rows.get(row).<Double>getAs("prediction_spread").floatValue())
          .isCloseTo(array("arrays", "prediction_spread")[row], within(1e-6f));
    }
  }

  /** A FASTA file of one-hot rows. */
  private String fasta(float[] oneHot) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < ROWS; row++) {
      text.append(">r").append(row).append('\n');
      for (int i = row * LENGTH * 4; i < (row + 1) * LENGTH * 4; i++) {
        text.append(oneHot[i] == 1 ? "ACGT".substring(i % 4, i % 4 + 1) : "");
      }
      text.append('\n');
    }
    return Files.writeString(folder.resolve("in.fa"), text).toString();
  }

  @Test
  void modelsOrStrandsThatCannotBeAveragedAreRefused() {
    String dense = CommandRun.golden("attribution/mlp_h5/model.h5");
    assertThat(attribute("out", List.of(MODEL, dense), INPUTS, "zeros").message())
        .startsWith(
            "deeplift: Invalid --model: scores are averaged over models with equal inputs, ")
        .contains(" takes [[60, 4]] and ")
        .endsWith(" takes [[12]]");
    String rows = CommandRun.golden("attribution/mlp_h5/inputs.npy");
    assertThat(
            attribute("out", List.of(dense), rows, "zeros", "--reverse-complement=average")
                .message())
        .startsWith("deeplift: Invalid --reverse-complement: no input of ")
        .endsWith(" takes DNA, [length, 4]");
    assertThat(folder.resolve("out")).doesNotExist();
  }
}
