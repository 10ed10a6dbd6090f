package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Graph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SparkHarness.class)
class ScoreJobTest extends JobTestBase {
  private static final double ROUNDING = 1e-5;

  @Test
  void everySequenceGetsOneRowOfTheDocumentedColumns(SparkSession spark) throws Exception {
    String[] sequences = TestModel.sequences(30, 1);
    RunReport report = score(spark, fasta("in.fa", sequences));

    assertThat(scores(spark).schema().simpleString())
        .isEqualTo(
            "struct<id:string,sequence:string,chrom:string,start:bigint,end:bigint,strand:string,"
                + "target:string,prediction:double,reference_prediction:double,model_output:double,"
                + "convergence_delta:double,n_references:int,shape:array<int>,"
                + "contributions:array<float>>");
    Map<String, Row> rows = scoresById(spark);
    assertThat(rows).hasSize(sequences.length);
    for (int i = 0; i < sequences.length; i++) {
      Row row = rows.get("s" + i);
      assertThat(row.<String>getAs("sequence")).isEqualTo(sequences[i]);
      assertThat(row.<String>getAs("target")).isEqualTo("0");
      assertThat(row.<Double>getAs("prediction"))
          .isCloseTo(model.predict(sequences[i], 0), within(ROUNDING));
      assertThat(row.<Integer>getAs("n_references")).isEqualTo(20);
      assertThat(ints(row, "shape")).containsExactly(TestModel.LENGTH);
      double difference =
          row.<Double>getAs("prediction") - row.<Double>getAs("reference_prediction");
      assertThat(sum(floats(row, "contributions"))).isCloseTo(difference, within(ROUNDING));
      assertThat(row.<Double>getAs("convergence_delta")).isCloseTo(0, within(ROUNDING));
    }
    assertThat(report.read()).isEqualTo(30);
    assertThat(report.scored()).isEqualTo(30);
    assertThat(report.rejected()).isEmpty();
  }

  @Test
  void theJobGivesWhatTheEngineAloneGives(SparkSession spark) throws Exception {
    String[] sequences = TestModel.sequences(20, 2);
    score(spark, fasta("in.fa", sequences), "--target=1", "--partitions=3");
    Map<String, Row> rows = scoresById(spark);
    try (DirectScores direct = new DirectScores(model.graph(), "1")) {
      for (int i = 0; i < sequences.length; i++) {
        assertThat(floats(rows.get("s" + i), "contributions"))
            .isEqualTo(direct.contributions("s" + i, sequences[i]));
      }
    }
  }

  @Test
  void onlyPartFilesLieDirectlyInTheOutput(SparkSession spark) throws Exception {
    score(spark, fasta("in.fa", TestModel.sequences(10, 3)));
    List<String> files = visibleFiles();
    assertThat(files).contains("_deeplift");
    assertThat(files)
        .filteredOn(name -> !name.equals("_deeplift"))
        .isNotEmpty()
        .allMatch(name -> name.startsWith("part-") && name.endsWith(".parquet"));
    assertThat(output().resolve("_deeplift/lock")).doesNotExist();
  }

  @Test
  void theRunIsDescribedInJson(SparkSession spark) throws Exception {
    score(spark, fasta("in.fa", TestModel.sequences(10, 3)), "--seed=5");
    JsonNode json = new ObjectMapper().readTree(output().resolve("_deeplift/run.json").toFile());
    assertThat(json.get("status").asText()).isEqualTo("done");
    assertThat(json.get("model_sha256").asText()).isEqualTo(TestModel.HASH);
    assertThat(json.get("options").get("seed").asText()).isEqualTo("5");
    assertThat(json.get("options").get("length-policy").asText()).isEqualTo("reject");
    assertThat(json.get("references").asText()).isEqualTo("dinuc-shuffle:20");
    assertThat(json.get("versions").get("spark").asText()).isEqualTo(spark.version());
    assertThat(json.get("versions").get("backend").asText()).isNotEmpty();
    assertThat(json.get("counts").get("scored").asLong()).isEqualTo(10);
    assertThat(json.get("delta").get("largest").asDouble()).isLessThan(ROUNDING);
  }

  @Test
  void aTableSumsTheRunUp(SparkSession spark) throws Exception {
    String[] sequences = TestModel.sequences(4, 4);
    sequences[3] = "ACGT";
    score(spark, fasta("in.fa", sequences), "--max-rejected-fraction=0.5");
    assertThat(out.toString(StandardCharsets.UTF_8).replaceAll(" {2,}", "  "))
        .contains("rows read  4\n", "rows scored  3\n", "rows rejected  1\n", " length  1\n")
        .contains("output  " + output());
  }

  @Test
  void rowsDoNotDependOnPartitionsBatchesOrOrder(SparkHarness harness, SparkSession spark)
      throws Exception {
    String[] sequences = TestModel.sequences(40, 5);
    score(spark, fasta("in.fa", sequences), "--output=" + folder.resolve("auto"));
    StringBuilder reversed = new StringBuilder();
    for (int i = sequences.length - 1; i >= 0; i--) {
      reversed.append(">s").append(i).append('\n').append(sequences[i]).append('\n');
    }
    Path input = file("reversed.fa", reversed.toString());
    for (int partitions : new int[] {1, 3, 8}) {
      String batch = "--batch=" + (partitions + 1);
      score(spark, input, "--partitions=" + partitions, batch, "--mode=overwrite");
      harness.assertSameRows(
          spark.read().parquet(folder.resolve("auto").toString()), scores(spark));
    }
  }

  @Test
  void severalTargetsGiveOneRowEach(SparkHarness harness, SparkSession spark) throws Exception {
    Path input = fasta("in.fa", TestModel.sequences(10, 6));
    score(spark, input, "--target=0", "--output=" + folder.resolve("zero"));
    score(spark, input, "--target=1-0", "--output=" + folder.resolve("difference"));
    score(spark, input, "--target=0", "--target=1-0");
    assertThat(scores(spark).count()).isEqualTo(20);
    Dataset<Row> apart =
        spark
            .read()
            .parquet(folder.resolve("zero").toString())
            .union(spark.read().parquet(folder.resolve("difference").toString()));
    harness.assertSameRows(
        apart.select("id", "target", "prediction", "contributions"),
        scores(spark).select("id", "target", "prediction", "contributions"));
  }

  @Test
  void theFullLayoutAndHypotheticalScoresAgreeWithTheObservedOnes(SparkSession spark)
      throws Exception {
    var input = fasta("in.fa", TestModel.sequences(5, 7));
    score(spark, input, "--output=" + folder.resolve("observed"));
    score(spark, input, "--layout=full", "--hypothetical");
    Map<String, Row> observed = byId(spark.read().parquet(folder.resolve("observed").toString()));
    for (Row row : scores(spark).collectAsList()) {
      float[] full = floats(row, "contributions");
      float[] hypothetical = floats(row, "hypothetical");
      float[] expected = floats(observed.get(row.<String>getAs("id")), "contributions");
      String sequence = row.getAs("sequence");
      assertThat(ints(row, "shape")).containsExactly(TestModel.LENGTH, 4);
      for (int i = 0; i < TestModel.LENGTH; i++) {
        assertThat(sum(Arrays.copyOfRange(full, 4 * i, 4 * i + 4)))
            .isCloseTo(expected[i], within(ROUNDING));
        int letter = "ACGT".indexOf(sequence.charAt(i));
        assertThat((double) hypothetical[4 * i + letter]).isCloseTo(expected[i], within(ROUNDING));
      }
    }
  }

  @Test
  void rowsAboveMaxDeltaAreMarkedAndEndTheRunWithALimit(SparkSession spark) throws Exception {
    var input = fasta("in.fa", TestModel.sequences(30, 8));
    assertThatThrownBy(() -> score(spark, input, "--max-delta=0"))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageMatching(
            "\\d+ of 30 output rows have a \\|convergence delta\\| above --max-delta 0.0, .*");
    assertThat(scores(spark).count()).isEqualTo(30);
    assertThat(scores(spark).filter("above_max_delta != (abs(convergence_delta) > 0)").count())
        .isZero();
    // A retry that finds nothing to do does not turn the limit into a success.
    assertThatThrownBy(() -> score(spark, input, "--max-delta=0", "--mode=resume"))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageMatching(
            "\\d+ of 30 output rows have a \\|convergence delta\\| above --max-delta 0.0, the"
                + " largest [1-9].*");
  }

  @Test
  void aLargeEnoughMaxDeltaMarksNothing(SparkSession spark) throws Exception {
    RunReport report = score(spark, fasta("in.fa", TestModel.sequences(5, 8)), "--max-delta=0.01");
    assertThat(report.aboveMaxDelta()).isZero();
    assertThat(scores(spark).filter("above_max_delta").count()).isZero();
  }

  @Test
  void rowsWithoutAFiniteResultAreRejectedAndLoseNoOthers(SparkSession spark) throws Exception {
    Graph graph = TestModel.overflowing();
    var input = fasta("in.fa", "CCCCCCCCCCCC", "AACCCCCCCCCC", "CGTCGTCGTCGT");
    RunReport report =
        score(
            spark,
            graph,
            "overflowing",
            input,
            "--references=zeros",
            "--max-rejected-fraction=0.5");
    assertThat(scoresById(spark)).containsOnlyKeys("s0", "s2");
    assertThat(report.scored()).isEqualTo(2);
    assertThat(report.rejected()).containsExactly(Map.entry("result is not finite", 1L));
    assertThat(rejected(spark).select("id", "reason", "detail").collectAsList())
        .extracting(Object::toString)
        .containsExactly("[s1,result is not finite,target 0]");
  }

  @Test
  void referencesSharedByAllRowsAreAllowed(SparkSession spark) throws Exception {
    score(
        spark,
        fasta("in.fa", "ACGTACGTACGT"),
        "--references=dna=background:0.3,0.2,0.2,0.3",
        "--target=1");
    Row row = scoresById(spark).get("s0");
    assertThat(row.<Integer>getAs("n_references")).isEqualTo(1);
    assertThat(sum(floats(row, "contributions")))
        .isCloseTo(
            row.<Double>getAs("prediction") - row.<Double>getAs("reference_prediction"),
            within(ROUNDING));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--target=2", "--target=nothing:0"})
  void aWrongTargetIsRefusedBeforeAnythingIsWritten(String target, SparkSession spark)
      throws Exception {
    var input = fasta("in.fa", "ACGTACGTACGT");
    assertThatThrownBy(() -> score(spark, input, target))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("--target");
    assertThat(output()).doesNotExist();
  }

  @Test
  void anUnknownBackendIsRefused(SparkSession spark) throws Exception {
    var input = fasta("in.fa", "ACGTACGTACGT");
    assertThatThrownBy(() -> score(spark, input, "--backend=abacus"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Unknown backend 'abacus': expected one of auto, ");
  }

  @Test
  void aGpuBackendThatThisBuildLacksStopsTheJobBeforeItReadsTheInput(SparkSession spark)
      throws Exception {
    Path input = fasta("in.fa", TestModel.sequences(3, 1));
    assertThatThrownBy(() -> score(spark, input, "--backend=nd4j:cuda"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Backend 'nd4j:cuda' cannot run here: this build has ND4J without CUDA; build it with"
                + " -Pnd4j-cuda (docs/gpu.md)");
    assertThat(output()).doesNotExist();
  }

  @Test
  void theBackendIsSettledOnceAndWrittenDown(SparkSession spark) throws Exception {
    score(spark, fasta("in.fa", TestModel.sequences(3, 1)), "--backend=auto:timed");
    JsonNode compute =
        new ObjectMapper()
            .readTree(Files.readString(output().resolve("_deeplift/run.json")))
            .get("compute");
    assertThat(compute.get("asked").asText()).isEqualTo("auto:timed");
    assertThat(compute.get("backend").asText()).isIn("onnx", "cpu", "nd4j");
  }
}
