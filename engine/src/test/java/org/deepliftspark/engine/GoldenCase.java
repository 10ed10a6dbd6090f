package org.deepliftspark.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.Models;
import org.deepliftspark.engine.npy.Npy;
import org.deepliftspark.engine.npy.NpyArray;

/**
 * A folder with a model, inputs, references and the scores that another implementation computed for
 * them; {@code case.json} in it says which. Made by {@code scripts/golden/shap_cases.py} and {@code
 * scripts/golden/reveal_cancel.py}.
 *
 * @param folder where the case is
 * @param json its {@code case.json}
 */
record GoldenCase(Path folder, JsonNode json) {
  private static final String HYPOTHETICAL = "hyp_";

  /** What computes a rule of {@code case.json}, hypothetical or not. */
  private static final Map<String, Setting> SETTINGS =
      Map.of(
          "rescale", new Setting("rescale", "deeplift"),
          "rescale_maxcross", new Setting("rescale", "default"),
          "revealcancel", new Setting("reveal-cancel", "deeplift"),
          "genomicsdefault", new Setting("genomics-default", "deeplift"),
          "gradient", new Setting("gradient", "default"),
          "gradxdelta", new Setting("gradient", "default"),
          "gradxinput", new Setting("gradient-x-input", "default"),
          "guidedbackprop", new Setting("guided-backprop", "default"),
          "guidedbackpropxdelta", new Setting("guided-backprop", "default"),
          "ig10", new Setting("integrated-gradients:10", "default"));

  /** Rules whose expected arrays are multipliers. */
  private static final Set<String> OF_MULTIPLIERS = Set.of("gradient", "guidedbackprop");

  /** A method under a profile: what one run computes. */
  record Setting(String method, String profile) {
    static Setting of(String rule) {
      boolean hypothetical = rule.startsWith(HYPOTHETICAL);
      Setting setting = SETTINGS.get(hypothetical ? rule.substring(HYPOTHETICAL.length()) : rule);
      if (setting == null) {
        throw new IllegalArgumentException("Unknown rule " + rule + " in a golden case");
      }
      return setting;
    }

    /** Whether contributions must sum to the difference of predictions, max-pools aside. */
    boolean sumsToDelta() {
      return Set.of("rescale", "reveal-cancel", "genomics-default").contains(method);
    }

    @Override
    public String toString() {
      return method + " (" + profile + ")";
    }
  }

  /** Scores of one rule and target, shaped as the inputs. */
  record Expected(String rule, String target, String targetText, double tolerance, Path file) {
    boolean isHypothetical() {
      return rule.startsWith(HYPOTHETICAL);
    }

    boolean isOfMultipliers() {
      return OF_MULTIPLIERS.contains(rule);
    }
  }

  /** Every case in the subfolders of a folder, by name; none if there is no such folder. */
  static List<GoldenCase> in(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(child -> Files.exists(child.resolve("case.json")))
          .sorted()
          .map(GoldenCase::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GoldenCase read(Path folder) {
    try {
      return new GoldenCase(
          folder, new ObjectMapper().readTree(folder.resolve("case.json").toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return json.get("case").asText();
  }

  /** Files that hold the same network. */
  List<String> models() {
    return json.get("models").findValuesAsText("file");
  }

  Graph graph(String model) {
    Path file = folder.resolve(model);
    try {
      return Models.read(ModelSource.of(file.getFileName().toString(), Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code [rows, shape...]}. */
  NpyArray inputs() {
    return array("inputs");
  }

  /** {@code [1 or rows, references, shape...]}. */
  NpyArray references() {
    return array("references");
  }

  private NpyArray array(String key) {
    return Npy.read(folder.resolve(json.get(key).get(0).get("file").asText()));
  }

  /** What a run is expected to give. */
  List<Expected> expected(Setting setting, boolean singleOutput) {
    List<Expected> all = new ArrayList<>();
    for (JsonNode entry : json.get("expected")) {
      String rule = entry.get("rule").asText();
      if (setting.equals(Setting.of(rule))) {
        String target = entry.get("target").asText();
        String text = targetText(json.get("targets").get(target), singleOutput);
        Path file = folder.resolve(entry.get("files").get(0).asText());
        all.add(new Expected(rule, target, text, entry.get("atol").asDouble(), file));
      }
    }
    return all;
  }

  /** The runs that this case has expectations for. */
  List<Setting> settings() {
    return StreamSupport.stream(json.get("expected").spliterator(), false)
        .map(entry -> Setting.of(entry.get("rule").asText()))
        .distinct()
        .toList();
  }

  /** Whether the network has a max-pool, which profile deeplift does not sum to delta. */
  boolean hasMaxPool() {
    return settings().contains(SETTINGS.get("rescale_maxcross"));
  }

  private static String targetText(JsonNode spec, boolean singleOutput) {
    String layer = spec.get("layer").asText();
    String prefix = singleOutput ? "" : layer + ":";
    return switch (spec.get("kind").asText()) {
      case "index" -> prefix + spec.get("index").asInt();
      case "diff" -> prefix + spec.get("plus").asInt() + "-" + prefix + spec.get("minus").asInt();
      case "meannorm" -> "mean-normalized(" + prefix + spec.get("index").asInt() + ")";
      case "profile_wn" -> "profile(" + layer + ",weighted)";
      case "profile_scaled" -> "profile(" + layer + ",scaled)";
      default -> throw new IllegalArgumentException("Unknown kind of target in " + spec);
    };
  }

  @Override
  public String toString() {
    return name();
  }
}
