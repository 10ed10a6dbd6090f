package org.deepliftspark.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Shape;
import org.junit.jupiter.api.Test;

class BenchCommandTest {
  private static final String CASE = "attribution/conv1d_dilated/";

  private static JsonNode bench(String... more) throws IOException {
    List<String> args = new ArrayList<>(List.of("bench", "--model"));
    args.addAll(List.of(CommandRun.golden(CASE + "model.onnx"), "--target", "1"));
    args.addAll(List.of("--threads", "2", "--seconds", "0.1"));
    args.addAll(List.of(more));
    CommandRun run = CommandRun.of(args);
    assertThat(run.message()).isNull();
    assertThat(run.out().strip()).doesNotContain("\n");
    return new ObjectMapper().readTree(run.out());
  }

  @Test
  void printsOneLineOfJson() throws IOException {
    JsonNode json =
        bench(
            "--inputs",
            CommandRun.golden(CASE + "inputs.npy"),
            "--references",
            CommandRun.golden(CASE + "references.npy"));
    for (String key :
        List.of("pairs_per_second", "seconds", "necessary_gflops", "gemm_peak_gflops")) {
      assertThat(json.get(key).asDouble()).as(key).isPositive();
    }
    assertThat(json.get("threads").asInt()).isEqualTo(2);
    assertThat(json.get("references").asInt()).isEqualTo(3);
    assertThat(json.get("backend").asText()).isEqualTo("cpu");
    assertThat(json.get("blas_core").asText()).isNotBlank();
    assertThat(json.get("peak_rss_mb").asLong()).isGreaterThan(50);
    assertThat(json.get("check").asText()).isEqualTo("passed");
    assertThat(json.get("largest_difference").asDouble()).isLessThan(1e-4);
  }

  @Test
  void takesRandomSequencesAndShufflesWhereNoneAreGiven() throws IOException {
    JsonNode json = bench("--no-check", "--backend", "nd4j", "--hypothetical");
    assertThat(json.get("references").asInt()).isEqualTo(20);
    assertThat(json.get("backend").asText()).isEqualTo("nd4j");
    assertThat(json.get("check").asText()).isEqualTo("skipped");
  }

  @Test
  void numbersThatDifferFromTheReferenceBackendAreABug() {
    OptionValues values =
        Options.parse(
            CommandName.BENCH,
            List.of("--model", CommandRun.golden(CASE + "model.onnx"), "--target", "0"));
    Graph graph = LocalModel.read(values);
    DeepLiftOptions options =
        EngineOptions.of(values, graph, List.of(ReferenceMode.given(1))).backend("nd4j").build();
    float[] row = new RandomRows(graph.inputs().get(0).shape(), 1).rows(0, 1);
    Batch batch = new Batch(1, List.of(row), List.of(new float[row.length]));
    try (DeepLift engine = DeepLift.open(graph, options);
        DeepLift.Session session = engine.newSession()) {
      Attribution attribution = session.attribute(batch);
      assertThat(BackendCheck.check(graph, options, batch, attribution)).isLessThan(1e-5);
      float[] contributions = attribution.contributions(0).floats();
      contributions[7] += 0.01f;
      assertThatThrownBy(() -> BackendCheck.check(graph, options, batch, attribution))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageMatching(
              "contributions of row 0 differ from those of nd4j in double by .* of the largest, allowed 1e-04");
    }
  }

  @Test
  void batchesBeginAgainWhereTheRowsEnd() {
    Batch rows =
        new Batch(3, List.of(new float[] {0, 1, 2}), List.of(new float[] {0, 0, 1, 1, 2, 2}));
    CyclicBatches batches = CyclicBatches.of(rows, 2);
    assertThat(batches.next().inputs().get(0)).containsExactly(0, 1);
    Batch second = batches.next();
    assertThat(second.inputs().get(0)).containsExactly(2, 0);
    assertThat(second.references().get(0)).containsExactly(2, 2, 0, 0);
    assertThat(batches.next().inputs().get(0)).containsExactly(0, 1);
  }

  @Test
  void randomSequencesAreOneHotAndTheSameEachTime() {
    RandomRows rows = new RandomRows(Shape.of(10, 4), 3);
    float[] row = rows.rows(4, 1);
    for (int position = 0; position < 10; position++) {
      float sum = 0;
      for (int letter = 0; letter < 4; letter++) {
        sum += row[position * 4 + letter];
      }
      assertThat(sum).isEqualTo(1);
    }
    assertThat(rows.rows(3, 2)).endsWith(row);
  }

  @Test
  void aWrongTargetIsRefused() {
    CommandRun run =
        CommandRun.of("bench", "--model", CommandRun.golden(CASE + "model.onnx"), "--target", "99");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.message()).startsWith("deeplift: Invalid target '99' (--target): ");
  }
}
