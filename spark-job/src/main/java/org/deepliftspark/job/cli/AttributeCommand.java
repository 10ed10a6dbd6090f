package org.deepliftspark.job.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.graph.Graph;

/**
 * {@code attribute}: the engine alone, {@code .npy} arrays in, {@code .npy} arrays out, averaged
 * over models and strands. Rows are read and written slab by slab, so that files may be larger than
 * memory.
 */
final class AttributeCommand implements Command {

  @Override
  public CommandName name() {
    return CommandName.ATTRIBUTE;
  }

  @Override
  public void run(OptionValues values, Console console) throws Exception {
    List<Graph> graphs = LocalModel.readAll(values);
    Graph first = graphs.get(0);
    Path folder = LocalModel.path(Options.OUTPUT, values.get(Options.OUTPUT));
    List<String> references = values.perInput(Options.REFERENCES, first);
    boolean bothStrands = values.get(Options.REVERSE_COMPLEMENT);
    List<InputRows> rows = NpyRows.open(values, first);
    try (RowFeed feed = RowFeed.open(first, rows, references, values, bothStrands);
        Ensemble ensemble = Ensemble.open(graphs, feed, values)) {
      AttributionWriter written = compute(ensemble, graphs, feed, folder, values);
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

  private static AttributionWriter compute(
      Ensemble ensemble, List<Graph> graphs, RowFeed feed, Path folder, OptionValues values)
      throws Exception {
    int threads = EngineOptions.threads(values);
    DeepLiftOptions options = Ensemble.options(values, graphs.get(0), feed, graphs.size());
    try (AttributionWriter writer =
        AttributionWriter.create(folder, graphs, feed.rows(), options)) {
      int slab =
          feed.rowsAtOnce(
              values.get(Options.BATCH), ensemble.preferredRows(), threads, ensemble.results());
      OrderedSlabs.run(
          feed.rows(),
          slab,
          threads,
          (from, count) -> ensemble.attribute(feed.batch(from, count)),
          writer::write);
      return writer;
    }
  }
}
