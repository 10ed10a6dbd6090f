package org.deepliftspark.job.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.cpu.GemmPeak;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;

/**
 * {@code bench}: how many (input, reference) pairs the engine explains per second, as one line of
 * JSON. Every thread has a session of its own and fills its output as {@code score} does.
 */
final class BenchCommand implements Command {
  /** Rows and references that are kept in memory to cycle over. */
  private static final long MOST_BYTES = 256L << 20;

  private static final double PEAK_SECONDS = 1;

  @Override
  public CommandName name() {
    return CommandName.BENCH;
  }

  @Override
  public void run(OptionValues values, Console console) throws Exception {
    Graph graph = LocalModel.read(values);
    List<String> references =
        values.perInput(Options.REFERENCES, graph, BenchCommand::usualReferences);
    try (RowFeed feed = RowFeed.open(graph, inputs(values, graph), references, values, false)) {
      DeepLiftOptions options = EngineOptions.of(values, graph, feed.modes()).build();
      Batch rows = feed.batch(0, feed.rowsWithin(MOST_BYTES));
      try (DeepLift engine = DeepLift.open(graph, options)) {
        Map<String, Object> report = measure(engine, options, rows, values);
        console.out().println(new ObjectMapper().writeValueAsString(report));
      }
    }
  }

  private static Map<String, Object> measure(
      DeepLift engine, DeepLiftOptions options, Batch rows, OptionValues values)
      throws InterruptedException {
    int threads = EngineOptions.threads(values);
    int batchRows = batchRows(engine, values);
    CyclicBatches batches = CyclicBatches.of(rows, batchRows);
    try (Throughput throughput = new Throughput(engine, batches, threads)) {
      // the batch that is timed, so that a row's place in it is judged too
      Attribution first = throughput.attribute(CyclicBatches.part(rows, 0, batchRows));
      throughput.warmUp(values.get(Options.SECONDS));
      double peak = GemmPeak.gflops(threads, PEAK_SECONDS);
      Throughput.Rate rate = throughput.measure(values.get(Options.SECONDS));
      // before the check, whose memory is not the engine's
      long memory = PeakMemory.megabytes();
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("pairs_per_second", rounded(rate.rowsPerSecond() * first.references()));
      report.put("seconds", rounded(rate.seconds()));
      report.put("threads", threads);
      report.put(
          "necessary_gflops", rounded(engine.cost().flopsPerRow() * rate.rowsPerSecond() / 1e9));
      report.put("gemm_peak_gflops", rounded(peak));
      report.put("peak_rss_mb", memory);
      report.put("backend", engine.description().split(" ", 2)[0]);
      report.put("blas_core", GemmPeak.core());
      report.put("backend_description", engine.description());
      report.put("rows_per_batch", batchRows);
      report.put("references", first.references());
      report.put("targets", first.targets());
      boolean checked = !values.get(Options.NO_CHECK);
      report.put("check", checked ? "passed" : "skipped");
      if (checked) {
        Batch row = CyclicBatches.part(rows, 0, 1);
        report.put("largest_difference", BackendCheck.check(engine.graph(), options, row, first));
      }
      return report;
    }
  }

  private static int batchRows(DeepLift engine, OptionValues values) {
    if (values.get(Options.BATCH) != 0) {
      return values.get(Options.BATCH);
    }
    try (DeepLift.Session session = engine.newSession()) {
      return session.preferredRows();
    }
  }

  private static double rounded(double number) {
    return Math.round(number * 1000) / 1000.0;
  }

  private static String usualReferences(Node input) {
    return RandomRows.isDna(input.shape()) ? "dinuc-shuffle" : "zeros";
  }

  private static List<InputRows> inputs(OptionValues values, Graph graph) {
    if (values.isGiven(Options.INPUTS)) {
      return NpyRows.open(values, graph);
    }
    List<InputRows> inputs = new ArrayList<>();
    for (Node input : graph.inputs()) {
      inputs.add(new RandomRows(input.shape(), values.get(Options.SEED) + input.id()));
    }
    return inputs;
  }
}
