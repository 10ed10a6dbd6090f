package org.deepliftspark.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.io.OutputFolder;

/**
 * What {@code run.json} says of the run that wrote an output last.
 *
 * @param json as it was written by {@link Provenance}
 */
record RunRecord(JsonNode json) {
  /** Options that change neither which rows come out for an id nor a number in them. */
  static final Set<String> FREE =
      Set.of(
          "model", // compared by its hash, weights included
          "weights",
          "target", // compared by the names that they stand for
          "layer", // is part of those names
          "references", // compared with the default filled in
          "backend", // compared by what was chosen
          "input",
          "input-format",
          "output",
          "output-format", // compared with what the folder holds
          "mode",
          "rows-per-file",
          "compression",
          "max-rejected-fraction",
          "rejected",
          "batch",
          "memory-per-task",
          "partitions",
          "task-minutes",
          "gpu-memory",
          "concurrent-gpu-tasks",
          "tasks-per-gpu",
          "config",
          "dry-run",
          "stacktrace",
          "help");

  /** Options that change what a row holds and no name of a column. */
  private static final Set<String> NUMBERS =
      Set.of(
          "lambda",
          "model-layout",
          "method",
          "profile",
          "reverse-complement",
          "seed",
          "length-policy",
          "unknown-base",
          "genome",
          "off-chromosome",
          "encoding",
          "tf32",
          "preprocessing-channels",
          "preprocessing-resize",
          "preprocessing-crop",
          "preprocessing-scale",
          "preprocessing-mean",
          "preprocessing-std",
          "precision");

  private static final int MOST_HISTORY = 1000;

  /** The record in a text, or null if there is none that can be read. */
  static RunRecord parse(String text) {
    if (text == null) {
      return null;
    }
    try {
      JsonNode json = new ObjectMapper().readTree(text);
      return json.isObject() && json.has("model_sha256") ? new RunRecord(json) : null;
    } catch (JsonProcessingException damaged) {
      return null;
    }
  }

  /** The record of an output folder, or null if there is none that can be read. */
  static RunRecord of(HadoopFiles hadoop, String folder) {
    String file = folder + "/" + OutputFolder.INTERNAL + "/" + Provenance.FILE;
    byte[] bytes = hadoop.readIfThere(file);
    return bytes == null ? null : parse(new String(bytes, StandardCharsets.UTF_8));
  }

  /** Id of the run. */
  String run() {
    return text("run");
  }

  /** Name of the backend that computed the scores. */
  String backend() {
    return Provenance.backendName(json.path("versions").path("backend").asText());
  }

  boolean isDone() {
    return json.path("status").asText().equals(Provenance.DONE);
  }

  /**
   * Refuses to add to scores that a killed run had begun to replace: old ones may be left among
   * them.
   *
   * @throws InvalidInputException that says what to do
   */
  void requireWhole(String folder) {
    if (json.path("status").asText().equals(Provenance.REPLACING)) {
      throw new InvalidInputException(
          "Cannot add to "
              + folder
              + ": a run ended while it replaced the scores there, so that old ones may be left. Use"
              + " --mode overwrite, or another --output");
    }
  }

  /** Whether the run read these very files. */
  boolean hasInput(InputFiles input) {
    return json.path("input").path("fingerprint").asText().equals(input.fingerprint());
  }

  /** What the run noted about the table of scores. */
  Map<String, String> table() {
    Map<String, String> notes = new TreeMap<>();
    json.path("table")
        .properties()
        .forEach(note -> notes.put(note.getKey(), note.getValue().asText()));
    return notes;
  }

  /** Counts of the run, by name. */
  JsonNode counts() {
    return json.path("counts");
  }

  /** What the run found of the convergence delta. */
  RunReport.DeltaQuantiles delta() {
    JsonNode delta = json.path("delta");
    return new RunReport.DeltaQuantiles(
        delta.path("median").asDouble(),
        delta.path("p90").asDouble(),
        delta.path("p99").asDouble(),
        delta.path("largest").asDouble());
  }

  /** Earlier runs on this output and this one, a line for each. */
  ArrayNode history() {
    ArrayNode history = new ObjectMapper().createArrayNode();
    JsonNode before = json.path("history");
    for (int i = Math.max(0, before.size() - MOST_HISTORY); i < before.size(); i++) {
      history.add(before.get(i));
    }
    history
        .addObject()
        .put("run", json.path("run").asText())
        .put("mode", json.path("options").path("mode").asText())
        .put("status", json.path("status").asText())
        .put("started", json.path("started").asText())
        .put("scored", counts().path("scored").asLong())
        .put("written", counts().path("written").asLong());
    return history;
  }

  /**
   * Refuses to resume by a run that would make rows in another way.
   *
   * @param engine what the backend calls itself
   * @param fingerprints of files that options name, by option
   * @throws InvalidInputException that names the first option that differs
   */
  void requireSame(
      JobPlan plan, JobOptions options, String engine, Map<String, String> fingerprints) {
    require(options, "--model", "the SHA-256 " + text("model_sha256"), sha256(plan));
    require(options, "--target", json.path("targets").toString(), quoted(plan));
    require(options, "--references", text("references"), references(plan));
    require(options, "--backend", backend(), Provenance.backendName(engine));
    Set<String> keys = new TreeSet<>(options.resolved().keySet());
    json.path("options").fieldNames().forEachRemaining(keys::add);
    keys.removeAll(FREE);
    keys.forEach(key -> requireOption(key, options));
    requireSameFiles(options, fingerprints);
  }

  /**
   * Refuses to append rows that nothing in them tells from rows made in another way. Another target
   * is told by its column, another model by its folder, if there is one.
   *
   * @param fingerprints of files that options name, by option
   * @throws InvalidInputException that names the first option that differs
   */
  void requireSameNumbers(JobPlan plan, JobOptions options, Map<String, String> fingerprints) {
    if (!options.output().partitionBy().contains(ScoreTable.MODEL_SHA256)) {
      require(options, "--model", "the SHA-256 " + text("model_sha256"), sha256(plan));
    }
    require(options, "--references", text("references"), references(plan));
    new TreeSet<>(NUMBERS).forEach(key -> requireOption(key, options));
    requireSameFiles(options, fingerprints);
  }

  /** Other files may lie behind the same path. Records of older versions do not tell. */
  private void requireSameFiles(JobOptions options, Map<String, String> fingerprints) {
    fingerprints.forEach(
        (key, found) -> {
          JsonNode before = json.path(Provenance.FINGERPRINTS).path(key);
          if (before.isTextual()) {
            String expected = "the fingerprint " + before.asText();
            require(options, "--" + key, expected, "the fingerprint " + found);
          }
        });
  }

  private void requireOption(String key, JobOptions options) {
    JsonNode before = json.path("options").path(key);
    Object found = options.resolved().get(key);
    if (!OptionText.comparable(key, before).equals(OptionText.comparable(key, found))) {
      require(options, "--" + key, OptionText.shown(before), OptionText.shown(found));
    }
  }

  private static String sha256(JobPlan plan) {
    return "the SHA-256 " + plan.modelHash();
  }

  private static String references(JobPlan plan) {
    return Secrets.redact(plan.spec().references());
  }

  private static String quoted(JobPlan plan) {
    return new ObjectMapper().valueToTree(plan.targets()).toString();
  }

  private String text(String key) {
    return json.path(key).asText();
  }

  private static void require(JobOptions options, String key, String expected, String found) {
    if (!expected.equals(found)) {
      throw new InvalidInputException(
          "Cannot add to "
              + options.output().folder()
              + ": its scores were made with another "
              + key
              + ": expected "
              + expected
              + " (_deeplift/run.json), found "
              + found
              + ". Give the same, or another --output");
    }
  }
}
