package org.deepliftspark.job.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.Target;
import org.deepliftspark.engine.graph.Graph;

/**
 * {@code attribute}: the engine alone, {@code .npy} arrays in, {@code .npy} arrays out. Rows are
 * read and written slab by slab, so that files may be larger than memory.
 */
final class AttributeCommand implements Command {

  @Override
  public CommandName name() {
    return CommandName.ATTRIBUTE;
  }

  @Override
  public void run(OptionValues values, Console console) throws Exception {
    Graph graph = LocalModel.read(values);
    checkOneTarget(graph, values);
    Path folder = LocalModel.path(Options.OUTPUT, values.get(Options.OUTPUT));
    List<String> references = values.perInput(Options.REFERENCES, graph);
    try (RowFeed feed = RowFeed.open(graph, NpyRows.open(values, graph), references, values)) {
      DeepLiftOptions options =
          EngineOptions.of(values, graph, feed.modes()).multipliers(true).build();
      try (DeepLift engine = DeepLift.open(graph, options)) {
        AttributionWriter written = compute(engine, feed, options, folder, values);
        console
            .out()
            .printf(
                Locale.ROOT,
                "%d rows, largest |convergence delta| %.3g, written to %s%n",
                feed.rows(),
                written.largestDelta(),
                folder);
        written.requireFinite(folder);
      }
    }
  }

  private static AttributionWriter compute(
      DeepLift engine, RowFeed feed, DeepLiftOptions options, Path folder, OptionValues values)
      throws Exception {
    int threads = EngineOptions.threads(values);
    try (SessionPool sessions = new SessionPool(engine, threads);
        AttributionWriter writer =
            AttributionWriter.create(folder, engine.graph(), feed.rows(), options)) {
      int slab = feed.rowsAtOnce(values.get(Options.BATCH), sessions.preferredRows(), threads);
      OrderedSlabs.run(
          feed.rows(),
          slab,
          threads,
          (from, count) -> sessions.attribute(feed.batch(from, count)),
          writer::write);
      return writer;
    }
  }

  private static void checkOneTarget(Graph graph, OptionValues values) {
    List<Target> targets = DeepLift.targets(graph, EngineOptions.targets(values, graph));
    if (targets.size() > 1) {
      throw new InvalidInputException(
          "Invalid "
              + Options.TARGET
              + ": attribute writes the arrays of one target, found "
              + targets.size()
              + "; run it once for each, or use score");
    }
  }
}
