package org.deepliftspark.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  private static final String DEMO = "src/main/resources/demo/talgata.keras";
  private static final String TWO_HEADS =
      CommandRun.golden("attribution/conv1d_two_heads/model.onnx");

  @TempDir Path folder;

  private static String line(CommandRun run, String start) {
    return Arrays.stream(run.out().split("\\R"))
        .filter(line -> line.startsWith(start))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line starts with " + start + ":\n" + run.out()));
  }

  @Test
  void everyNodeHasALineWithItsTypeShapeParametersAndRule() {
    CommandRun run =
        CommandRun.of(
            "inspect",
            "--model",
            CommandRun.golden("attribution/mlp_h5/model.h5"),
            "--references",
            "zeros");
    assertThat(run.message()).isNull();
    assertThat(line(run, "model: ")).matches("model: .*, [1-9][0-9]* parameters");
    assertThat(line(run, "input: ")).endsWith("[12]");
    assertThat(run.out()).containsPattern("Dense +\\[\\d+] +\\d+ +linear ");
    assertThat(run.out()).containsPattern("RELU +\\[\\d+] +- +rescale ");
    assertThat(line(run, "targets: 0 to ")).contains("output '");
  }

  @Test
  void shapesAreChannelsLastWhateverTheModelDoes() {
    CommandRun run = CommandRun.of("inspect", "--model", TWO_HEADS);
    assertThat(line(run, "input: ")).isEqualTo("input: input [40, 4]");
    assertThat(run.out()).containsPattern("Conv +\\[\\d+, \\d+] +\\d+ +linear ");
    assertThat(line(run, "targets: profile:0")).startsWith("targets: profile:0 to profile:25 ");
    assertThat(line(run, "targets: counts:0")).isEqualTo("targets: counts:0 (output 'counts')");
  }

  @Test
  void saysWhichNodeATargetStandsFor() {
    CommandRun run =
        CommandRun.of("inspect", "--model", TWO_HEADS, "--layer", "counts", "--target", "0");
    assertThat(line(run, "explained: ")).isEqualTo("explained: 'counts':0 (node 'node_linear')");
    assertThat(CommandRun.of("inspect", "--model", TWO_HEADS, "--layer", "count").message())
        .isEqualTo("deeplift: Invalid --layer count: no node of that name. Did you mean counts?");
  }

  @Test
  void theProgramHasExtentsOutputsAndCost() {
    CommandRun run =
        CommandRun.of(
            "inspect",
            "--model",
            TWO_HEADS,
            "--program",
            "--target",
            "counts:0",
            "--references",
            "dinuc-shuffle:20");
    assertThat(run.message()).isNull();
    assertThat(line(run, "program: "))
        .isEqualTo("program: 1 target(s), 20 reference(s), 1 sample(s)");
    assertThat(run.out()).contains("{row, reference}").contains("output contributions:0 = %");
    assertThat(line(run, "cost: "))
        .matches("cost: [0-9.e+-]+ GFLOP and [0-9.e+-]+ MB of values per row, .*");
  }

  @Test
  void sharedReferencesGiveAnExtentWithoutRows() {
    CommandRun run =
        CommandRun.of(
            "inspect",
            "--model",
            TWO_HEADS,
            "--program",
            "--target",
            "counts:0",
            "--references",
            CommandRun.golden("attribution/conv1d_two_heads/references.npy"));
    assertThat(line(run, "program: ")).contains("2 reference(s)");
    assertThat(run.out()).doesNotContain("{reference}");
  }

  @Test
  void aProgramNeedsATargetWhereThereAreSeveralUnits() {
    CommandRun run = CommandRun.of("inspect", "--model", TWO_HEADS, "--program");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.message()).startsWith("deeplift: Missing option --target: ");
  }

  @Test
  void theModelOfTheDemoIsShownWhole() {
    CommandRun run = CommandRun.of("inspect", "--model", DEMO);
    assertThat(run.message()).isNull();
    assertThat(run.out()).doesNotContain("unsupported");
  }

  @Test
  void whatIsUnsupportedIsSaidInOneLine() throws IOException {
    String layers =
        "{\"class_name\": \"InputLayer\", \"config\": {\"name\": \"x\", \"batch_input_shape\": [null, 5, 4]}},"
            + "{\"class_name\": \"LSTM\", \"config\": {\"name\": \"memory\", \"units\": 3}}";
    Path json =
        Files.writeString(
            folder.resolve("m.json"),
            "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"m\", \"layers\": ["
                + layers
                + "]}}");
    CommandRun run =
        CommandRun.of(
            "inspect",
            "--model",
            json.toString(),
            "--weights",
            CommandRun.golden("attribution/mlp_h5/model.h5"));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.message()).contains("memory").contains("LSTM").doesNotContain("\n");
  }

  @Test
  void aTruncatedModelIsRefused() throws IOException {
    String half = CommandRun.truncated(DEMO, folder.resolve("half.keras"));
    CommandRun run = CommandRun.of("inspect", "--model", half);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.message()).contains("half.keras");
  }

  @Test
  void anUnknownOptionIsRefusedWithTheNearestOne() {
    CommandRun run = CommandRun.of("inspect", "--model", DEMO, "--programm");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.message())
        .isEqualTo("deeplift: Unknown option --programm for 'inspect'. Did you mean --program?");
  }
}
