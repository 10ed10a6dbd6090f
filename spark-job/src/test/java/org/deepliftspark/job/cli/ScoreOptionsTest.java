package org.deepliftspark.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.backend.GpuOptions;
import org.deepliftspark.engine.importer.ModelSource.InputLayout;
import org.deepliftspark.engine.rule.RuleProfile;
import org.deepliftspark.job.Encoding;
import org.deepliftspark.job.JobOptions;
import org.deepliftspark.job.Layout;
import org.deepliftspark.job.OutputFormat;
import org.deepliftspark.job.OutputMode;
import org.deepliftspark.job.io.EdgePolicy;
import org.deepliftspark.job.io.SequenceSource;
import org.junit.jupiter.api.Test;

class ScoreOptionsTest {

  private static JobOptions parse(String... more) {
    List<String> args = new ArrayList<>(List.of("--model=m", "--input=i", "--output=o"));
    args.addAll(List.of(more));
    return ScoreOptions.parse(args);
  }

  @Test
  void everyOptionReachesTheJob() {
    JobOptions options =
        parse(
            "--input=j",
            "--weights=w",
            "--model-layout=channels-first",
            "--model-layout=a=b=channels-last",
            "--lambda=total=logsumexp",
            "--lambda=encoder/turn=reverse(1,2)",
            "--profile=deeplift",
            "--target=1",
            "--hypothetical",
            "--reverse-complement=average",
            "--sequence-col=x=y",
            "--genome=g",
            "--off-chromosome=reject",
            "--keep-references",
            "--encoding=f16",
            "--keep-cols=a, b",
            "--keep-cols=c",
            "--output-format=delta",
            "--mode=append",
            "--layout=full",
            "--partition-by=target",
            "--rows-per-file=9",
            "--compression=snappy",
            "--max-delta=0.5",
            "--rejected=r",
            "--precision=f64",
            "--batch=3",
            "--memory-per-task=1k",
            "--task-minutes=5",
            "--partitions=7",
            "--references=zeros",
            "--layer=conv",
            "--seed=-4");
    assertThat(options.model())
        .isEqualTo(
            new JobOptions.Model(
                List.of("m"),
                List.of("w"),
                Map.of("", InputLayout.CHANNELS_FIRST, "a=b", InputLayout.CHANNELS_LAST),
                Map.of("total", "logsumexp", "encoder/turn", "reverse(1,2)"),
                "rescale",
                RuleProfile.DEEPLIFT,
                List.of("1"),
                "conv",
                true,
                true));
    assertThat(options.input().source().inputs()).containsExactly("i", "j");
    assertThat(options.input().source().keptColumns()).containsExactly("a", "b", "c");
    assertThat(options.input().source().columns()).containsExactly("x=y");
    assertThat(options.input().source().genome())
        .isEqualTo(new SequenceSource.GenomeRequest("g", EdgePolicy.REJECT));
    assertThat(options.references())
        .isEqualTo(new JobOptions.References(List.of("zeros"), true, -4));
    assertThat(options.output())
        .isEqualTo(
            new JobOptions.Output(
                "o",
                OutputFormat.DELTA,
                OutputMode.APPEND,
                Layout.FULL,
                Encoding.F16,
                List.of("target"),
                9,
                "snappy"));
    assertThat(options.quality()).isEqualTo(new JobOptions.Quality(0.5, 0.01, "r"));
    assertThat(options.engine())
        .isEqualTo(
            new JobOptions.Engine(
                "auto", Precision.F64, 3, 1024, 7, 5.0, GpuOptions.DEFAULT, 0, false));
    assertThat(options.resolved()).containsEntry("input", List.of("i", "j"));
  }

  @Test
  void everyModelNeedsItsWeights() {
    assertThatThrownBy(() -> parse("--model=n", "--weights=w"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Invalid --weights: expected one for each of the 2 models, found 1");
  }

  @Test
  void aLayoutThatIsNoneIsRefused() {
    assertThatThrownBy(() -> parse("--lambda=total"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Invalid value 'total' for --lambda: expected LAYER=FUNCTION");
    assertThatThrownBy(() -> parse("--model-layout=a=sideways"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Invalid value 'a=sideways' for --model-layout: expected one of auto, channels-first,"
                + " channels-last");
  }
}
