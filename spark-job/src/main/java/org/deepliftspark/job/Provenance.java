package org.deepliftspark.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Writes {@code run.json}: what ran, on what, with which result. */
final class Provenance {
  static final String FILE = "run.json";

  private Provenance() {}

  /**
   * @param engine what the backend calls itself
   */
  static String json(
      SparkSession spark,
      JobPlan plan,
      JobOptions options,
      String run,
      String engine,
      Instant started,
      RunReport report,
      String status) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("run", run);
    json.put("status", status);
    json.put("model_sha256", plan.spec().modelHash());
    json.put("model", plan.graph().name());
    json.put("targets", plan.targets());
    json.put("references", plan.spec().references().text());
    json.put("options", options.resolved());
    json.put("versions", versions(spark, engine));
    json.put("counts", counts(report));
    json.put("delta", report.delta());
    json.put("output", report.output());
    Instant now = Instant.now();
    json.put("started", started.truncatedTo(ChronoUnit.SECONDS).toString());
    json.put("finished", now.truncatedTo(ChronoUnit.SECONDS).toString());
    json.put("wall_seconds", Duration.between(started, now).toMillis() / 1000.0);
    json.put("scoring_seconds", report.seconds());
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A map of texts and numbers has a JSON form", e);
    }
  }

  private static Map<String, Object> versions(SparkSession spark, String engine) {
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
