package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.job.cli.ScoreOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SparkHarness.class)
class SecretsTest extends JobTestBase {

  @ParameterizedTest
  @CsvSource({
    "s3a://AKIA:s3cr3t@bucket/m.onnx, s3a://***@bucket/m.onnx",
    "s3a://AKIA:s3/cr+3t=@bucket/m.onnx, s3a://***@bucket/m.onnx",
    "table:s3a://AKIA:s3cr3t@bucket/refs#col, table:s3a://***@bucket/refs#col",
    "in s3a://a:b@c/x and s3a://d:e@f/y, in s3a://***@c/x and s3a://***@f/y",
    "https://host/m.onnx?sv=1&sig=abc%2F&x=2, https://host/m.onnx?sv=1&sig=***&x=2",
    "https://h/m?X-Amz-Signature=ff&X-Amz-Security-Token=gg, https://h/m?X-Amz-Signature=***&X-Amz-Security-Token=***",
    "abfss://container@account.dfs.core.windows.net/m, abfss://container@account.dfs.core.windows.net/m",
    "hdfs://name:9000/user/a@b/m.onnx, hdfs://name:9000/user/a@b/m.onnx",
    "/data/model.onnx, /data/model.onnx"
  })
  void credentialsInUrisAreBlottedOut(String text, String expected) {
    assertThat(Secrets.redact(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "a://b:", "a://", "?sig", "&token", "1:2"})
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  void timeGrowsWithTheTextOnly(String piece) {
    String text = piece.repeat(100_000 / piece.length());
    assertThat(Secrets.redact(text + " s3a://KEY:SECRET@bucket")).endsWith(" s3a://***@bucket");
  }

  @Test
  void runJsonHoldsNoCredentialsAndAResumeWithOtherOnesGoesOn(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", "ACGTACGTACGT", "CCGTACGTACGT");
    scoreModelOf("s3a://AKIAEXAMPLE:s3cr3tk3y@bucket/tiny.onnx", input, spark);
    String json = Files.readString(output().resolve("_deeplift/run.json"));
    assertThat(json)
        .contains("s3a://***@bucket/tiny.onnx")
        .doesNotContain("AKIAEXAMPLE")
        .doesNotContain("s3cr3tk3y");
    Path grown = fasta("in.fa", "ACGTACGTACGT", "CCGTACGTACGT", "GCGTACGTACGT");
    RunReport report = scoreModelOf("s3a://AKIAOTHER:0th3r@bucket/tiny.onnx", grown, spark);
    assertThat(report.scoredBefore()).isEqualTo(2);
    assertThat(report.scored()).isEqualTo(1);
  }

  private RunReport scoreModelOf(String name, Path input, SparkSession spark) throws Exception {
    List<String> args =
        List.of(
            "--model=" + name,
            "--input=" + input,
            "--output=" + output(),
            "--target=0",
            "--mode=resume");
    return ScoreJob.run(
        spark,
        List.of(new LoadedModel(model.graph(), TestModel.HASH)),
        ScoreOptions.parse(args),
        stream(out),
        stream(err));
  }
}
