package org.deepliftspark.job.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The experiments on the project's own networks, as where the papers' are missing. */
class ExperimentsTest {
  private static final String OWN = "../scripts/experiments/data";

  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String name, String... more) throws IOException {
    List<String> args = new ArrayList<>(List.of(name, folder.resolve("none").toString(), OWN));
    args.addAll(List.of("--figure", folder.resolve("figure.svg").toString()));
    args.addAll(List.of(more));
    return Experiments.run(args, new PrintStream(out, true), new PrintStream(err, true));
  }

  private JsonNode json(String name) throws IOException {
    Path file = folder.resolve("out.json");
    assertThat(run(name, "--json", file.toString())).as(err.toString()).isZero();
    assertThat(Files.readString(folder.resolve("figure.svg")))
        .startsWith("<svg")
        .endsWith("</svg>\n");
    return new ObjectMapper().readTree(Files.readString(file));
  }

  private static double[] numbers(JsonNode node) {
    double[] numbers = new double[node.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = node.get(i).asDouble();
    }
    return numbers;
  }

  /** Figures 1 to 3 of the 2017 paper, by hand. */
  @Test
  void toyTellsMethodsApart() throws IOException {
    JsonNode toy = json("toy");
    JsonNode saturated = toy.get("saturation");
    assertThat(numbers(saturated.get("gradient-x-input").get(0))).containsExactly(0, 0);
    assertThat(numbers(saturated.get("rescale").get(0)))
        .containsExactly(new double[] {.5, .5}, within(1e-6));
    JsonNode threshold = toy.get("discontinuity");
    assertThat(numbers(threshold.get("gradient-x-input").get(1)))
        .containsExactly(new double[] {10.001}, within(1e-5));
    assertThat(numbers(threshold.get("rescale").get(1)))
        .containsExactly(new double[] {.001}, within(1e-5));
    JsonNode minimum = toy.get("minimum");
    assertThat(numbers(minimum.get("rescale").get(0)))
        .containsExactly(new double[] {0, 1}, within(1e-6));
    assertThat(numbers(minimum.get("reveal-cancel").get(0)))
        .containsExactly(new double[] {.5, .5}, within(1e-6));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("minimum: y = min(i1, i2)", "0.500, 0.500");
  }

  @Test
  void flipsOfTheProjectsDigitsRankRevealCancelAboveGradients() throws IOException {
    JsonNode pairs = json("mnist-flip");
    assertThat(pairs.fieldNames()).toIterable().containsExactly("8->3", "8->6", "9->1", "4->1");
    for (JsonNode methods : pairs) {
      assertThat(methods.fieldNames())
          .toIterable()
          .contains(
              "reveal-cancel",
              "genomics-default",
              "rescale",
              "gradient-x-input",
              "integrated-gradients:10",
              "guided-backprop",
              "gradient");
      assertThat(methods.get("reveal-cancel").asDouble())
          .isGreaterThan(methods.get("gradient").asDouble());
    }
  }

  @Test
  void whatIsNoArgumentIsRefusedInOneLine() throws IOException {
    assertThat(run("toy", "--output", "x")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "toy: Invalid argument '--output'; usage: scripts/experiments/toy [--json FILE]"
                + " [--figure FILE] [--backend NAME]"
                + System.lineSeparator());
  }

  @Test
  void everyExperimentHasItsCommand() {
    for (Experiment experiment : Experiments.ALL) {
      assertThat(Path.of("../scripts/experiments", experiment.name())).isExecutable();
    }
  }
}
