package org.deepliftspark.job;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.deepliftspark.job.cli.ScoreOptions;
import org.deepliftspark.job.io.HadoopFiles;

/** Opens what a resume reads of an earlier run to the tests of hostile input. */
public final class FuzzedRunRecord {
  private static final List<String> ARGS =
      List.of("--model=tiny", "--input=x.fa", "--output=out", "--target=0", "--mode=resume");

  private static final Map<String, String> FINGERPRINTS = Map.of("genome", "12ab");

  private final JobOptions options = ScoreOptions.parse(ARGS);
  private final JobPlan plan =
      JobPlan.of(
          List.of(new LoadedModel(new TestModel().graph(), TestModel.HASH)),
          options,
          new HadoopFiles(new Configuration()),
          table -> null);

  /** What these options' own run would have left. */
  public Map<String, Object> written() {
    return Map.ofEntries(
        Map.entry("run", "r1"),
        Map.entry("status", "done"),
        Map.entry("model_sha256", plan.modelHash()),
        Map.entry("targets", plan.targets()),
        Map.entry("references", plan.spec().references()),
        Map.entry("options", options.resolved()),
        Map.entry("input", Map.of("files", 1, "bytes", 10, "fingerprint", "abc")),
        Map.entry("fingerprints", FINGERPRINTS),
        Map.entry("versions", Map.of("backend", "onnx 1.28.0 (cpu)")),
        Map.entry(
            "counts",
            Map.of("read", 5, "scored", 5, "written", 5, "rejected_by_reason", Map.of("x", 1))),
        Map.entry("history", List.of(Map.of("run", "r0", "status", "done"))));
  }

  /** Reads a record and compares it with the options. */
  public void read(String json) {
    RunRecord record = RunRecord.parse(json);
    if (record != null) {
      record.isDone();
      record.hasInput(new InputFiles(1, 10, "abc"));
      record.history();
      RunReport.nothingNew(record, "out");
      record.requireSameNumbers(plan, options, FINGERPRINTS);
      record.requireSame(plan, options, "onnx 1.28.0 (cpu)", FINGERPRINTS);
    }
  }
}
