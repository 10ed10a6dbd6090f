package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.job.cli.ScoreOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several models, both strands, kept references, encodings. */
@ExtendWith(SparkHarness.class)
class PassesTest extends JobTestBase {
  private static final String SEQUENCE = "ACGTTACGGACT";

  private final TestModel other = new TestModel(7);

  private void scoreBoth(SparkSession spark, Path input, String... more) throws Exception {
    List<String> args =
        new ArrayList<>(
            List.of(
                "--model",
                "a",
                "b",
                "--input",
                input.toString(),
                "--output",
                output().toString(),
                "--target=0"));
    args.addAll(List.of(more));
    PrintStream none = new PrintStream(new ByteArrayOutputStream());
    List<LoadedModel> models =
        List.of(new LoadedModel(model.graph(), "a"), new LoadedModel(other.graph(), "b"));
    ScoreJob.run(spark, models, ScoreOptions.parse(args), none, none);
  }

  @Test
  void foldsAreAveragedAndTheirSpreadIsStored(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", SEQUENCE);
    score(spark, input);
    Row first = scores(spark).first();
    score(spark, other.graph(), "b", input, "--mode=overwrite");
    Row second = scores(spark).first();
    scoreBoth(spark, input, "--mode=overwrite");
    Row row = scores(spark).first();
    assertThat(row.<Integer>getAs("n_models")).isEqualTo(2);
    double a = model.predict(SEQUENCE, 0);
    double b = other.predict(SEQUENCE, 0);
    assertThat(row.<Double>getAs("prediction")).isCloseTo((a + b) / 2, within(1e-5));
    assertThat(row.<Double>getAs("prediction_spread"))
        .isCloseTo(Math.abs(a - b) / Math.sqrt(2), within(1e-5));
    for (int i = 0; i < 12; i++) {
      float one = floats(first, "contributions")[i];
      float two = floats(second, "contributions")[i];
      assertThat(floats(row, "contributions")[i]).isCloseTo((one + two) / 2, within(1e-6f));
      assertThat(floats(row, "contributions_spread")[i])
          .isCloseTo((float) (Math.abs(one - two) / Math.sqrt(2)), within(1e-6f));
    }
  }

  @Test
  void bothStrandsAreAveragedWithTheirReferences(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", SEQUENCE);
    String reverse = DnaAlphabet.reverseComplement(SEQUENCE);
    score(
        spark,
        input,
        "--reverse-complement=average",
        "--keep-references",
        "--encoding=f32",
        "--references=dinuc-shuffle:2");
    Row row = scores(spark).first();
    assertThat(row.<Double>getAs("prediction"))
        .isCloseTo((model.predict(SEQUENCE, 0) + model.predict(reverse, 0)) / 2, within(1e-5));
    List<String> references = row.getList(row.fieldIndex("references"));
    double expected = 0;
    for (String reference : references) {
      expected += model.predict(reference, 0);
      expected += model.predict(DnaAlphabet.reverseComplement(reference), 0);
    }
    assertThat(references).hasSize(2);
    assertThat(row.<Double>getAs("reference_prediction")).isCloseTo(expected / 4, within(1e-5));
    ByteBuffer bytes =
        ByteBuffer.wrap(row.<byte[]>getAs("contributions")).order(ByteOrder.LITTLE_ENDIAN);
    float[] averaged = new float[12];
    bytes.asFloatBuffer().get(averaged);
    assertThat(sum(averaged))
        .isCloseTo(row.<Double>getAs("prediction") - expected / 4, within(1e-5));
  }

  @Test
  void aSequenceAndItsReverseComplementScoreAlike(SparkSession spark) throws Exception {
    Path input =
        file(
            "in.fa", ">f\n" + SEQUENCE + "\n>r\n" + DnaAlphabet.reverseComplement(SEQUENCE) + "\n");
    score(
        spark,
        input,
        "--reverse-complement=average",
        "--references=background:0.4,0.3,0.2,0.1",
        "--layout=full");
    Map<String, Row> rows = scoresById(spark);
    assertThat(rows.get("f").<Double>getAs("prediction"))
        .isCloseTo(rows.get("r").<Double>getAs("prediction"), within(1e-5));
    // This background is none of its own reverse complement, so both its strands must have been
    // seen.
    assertThat(rows.get("f").<Double>getAs("reference_prediction"))
        .isCloseTo(rows.get("r").<Double>getAs("reference_prediction"), within(1e-5));
    assertThat(sum(floats(rows.get("f"), "contributions")))
        .isCloseTo(sum(floats(rows.get("r"), "contributions")), within(1e-4));
  }

  @Test
  void modelsThatDoNotGoTogetherAreRefused(SparkSession spark) {
    assertThatThrownBy(
            () ->
                ScoreJob.run(
                    spark,
                    List.of(
                        new LoadedModel(model.graph(), "a"),
                        new LoadedModel(TestModel.overflowing(), "b")),
                    ScoreOptions.parse(
                        List.of("--model", "a", "b", "--input=x.fa", "--output=o", "--target=all")),
                    System.out,
                    System.err))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Invalid --model: tiny has 2 targets and overflowing has 1");
  }
}
