package org.deepliftspark.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Makes {@code run.json}: what runs, on what, with which result. It is written before the first
 * score shows, so that a resume knows what a killed run was about, and again at the end. It holds
 * no credentials of the options' URIs.
 *
 * @param engine what the backend calls itself
 * @param choice how it was chosen
 * @param fingerprints of files that options name, by option
 * @param before what an earlier run left in the same output, or null
 * @param table what a later run has to know about the table of scores; empty if nothing
 */
record Provenance(
    SparkSession spark,
    JobPlan plan,
    JobOptions options,
    String run,
    String engine,
    Map<String, Object> choice,
    Instant started,
    InputFiles input,
    Map<String, String> fingerprints,
    RunRecord before,
    Map<String, Object> table) {
  static final String FILE = "run.json";
  static final String FINGERPRINTS = "fingerprints";

  /** Statuses of a run. */
  static final String RUNNING = "running";

  /** Scores of another run are being taken away, and those of this one put in their place. */
  static final String REPLACING = "replacing";

  static final String DONE = "done";
  static final String TOO_MANY_REJECTED = "too many rejected rows";

  /**
   * @param report null while the job runs
   */
  String json(String status, RunReport report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("run", run);
    json.put("status", status);
    json.put("model_sha256", plan.modelHash());
    json.put("model", String.join(", ", plan.names()));
    if (plan.members().size() > 1) {
      json.put("models_sha256", plan.hashes());
    }
    json.put("targets", plan.targets());
    json.put("explained", plan.explained());
    json.put("references", plan.spec().references());
    json.put("options", options.resolved());
    json.put("input", input);
    if (!fingerprints.isEmpty()) {
      json.put(FINGERPRINTS, fingerprints);
    }
    json.put("versions", versions());
    json.put("compute", choice);
    json.put("output", options.output().folder());
    if (!table.isEmpty()) {
      json.put("table", table);
    }
    json.put("started", started.truncatedTo(ChronoUnit.SECONDS).toString());
    if (report != null) {
      json.put("counts", counts(report));
      json.put("delta", report.delta());
      Instant now = Instant.now();
      json.put("finished", now.truncatedTo(ChronoUnit.SECONDS).toString());
      json.put("wall_seconds", Duration.between(started, now).toMillis() / 1000.0);
      json.put("scoring_seconds", report.seconds());
      json.put("task_seconds", report.taskSeconds());
    }
    if (before != null) {
      json.put("history", before.history());
    }
    try {
      return Secrets.redact(
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A map of texts and numbers has a JSON form", e);
    }
  }

  /** The name at the beginning of what a backend calls itself. */
  static String backendName(String engine) {
    return engine.split("[ (]", 2)[0];
  }

  private Map<String, Object> versions() {
    Map<String, Object> versions = new LinkedHashMap<>();
    versions.put("deeplift_spark", BuildInfo.version());
    versions.put("git_id", BuildInfo.gitId());
    versions.put("backend", engine);
    versions.put("spark", spark.version());
    versions.put("scala", scala.util.Properties.versionNumberString());
    versions.put("java", System.getProperty("java.version"));
    versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    return versions;
  }

  private static Map<String, Object> counts(RunReport report) {
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("read", report.read());
    counts.put("scored_before", report.scoredBefore());
    counts.put("scored", report.scored());
    counts.put("written", report.written());
    counts.put("equal_rows_left_out", report.duplicates());
    counts.put("rejected", report.rejectedRows());
    counts.put("rejected_by_reason", report.rejected());
    if (report.aboveMaxDelta() != null) {
      counts.put("above_max_delta", report.aboveMaxDelta());
    }
    return counts;
  }
}
