package org.deepliftspark.job.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.npy.NpyType;
import org.deepliftspark.engine.npy.NpyWriter;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.rule.Method;
import org.deepliftspark.job.LimitExceededException;

/**
 * Writes attributions of one target, slab by slab, as {@code .npy} arrays in one folder; each gets
 * its name when it is whole. All numbers of a row that has one which is not finite become NaN, and
 * the row is remembered. One thread.
 */
final class AttributionWriter implements AutoCloseable {
  /** Rows without a finite result that are named. */
  private static final int MOST_NAMED = 5;

  private static final Function<EnsembleAttribution, Numbers> OF_REFERENCES =
      a -> a.mean().referencePredictions();
  private static final Function<EnsembleAttribution, Numbers> DELTA =
      a -> a.mean().convergenceDelta();

  private final List<Column> columns = new ArrayList<>();
  private final List<Long> named = new ArrayList<>();
  private double largestDelta;
  private long rows;
  private long lost;

  /** One array and where its numbers come from. */
  private record Column(NpyWriter writer, Function<EnsembleAttribution, Numbers> numbers) {}

  private AttributionWriter() {}

  /**
   * @param folder made if it is not there; arrays in it are replaced
   * @param graphs of the models that are averaged
   * @param rows in all
   * @param options whether there are multipliers and hypothetical contributions, and how precise
   * @throws InvalidInputException if the folder cannot be written to
   */
  static AttributionWriter create(
      Path folder, List<Graph> graphs, int rows, DeepLiftOptions options) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot write to " + Options.OUTPUT + " " + folder + ": it is no folder", e);
    }
    AttributionWriter writer = new AttributionWriter();
    try {
      writer.open(folder, graphs.get(0), rows, options, graphs.size() > 1);
      return writer;
    } catch (RuntimeException e) {
      writer.abandon(e);
      throw e;
    }
  }

  private void open(Path folder, Graph graph, int rows, DeepLiftOptions options, boolean several) {
    NpyType type = options.precision() == Precision.F64 ? NpyType.F8 : NpyType.F4;
    List<String> suffixes = suffixes(graph.inputs());
    for (int i = 0; i < suffixes.size(); i++) {
      if (options.references().get(i) instanceof ReferenceMode.Hold) {
        continue;
      }
      int input = i;
      int[] shape = rowsOf(rows, graph.inputs().get(i).shape());
      Map<String, Function<EnsembleAttribution, Numbers>> scores = new LinkedHashMap<>();
      scores.put("contributions", a -> a.mean().contributions(input));
      if (Method.of(options.method()).hasMultipliers()) {
        scores.put("multipliers", a -> a.mean().multipliers(input));
      }
      if (options.hypothetical()) {
        scores.put("hypothetical", a -> a.mean().hypothetical(input));
      }
      if (several) {
        scores.put("contributions_spread", a -> a.spread()[input]);
      }
      String suffix = suffixes.get(i);
      scores.forEach((name, numbers) -> add(folder, name + suffix, type, numbers, shape));
    }
    int references = options.references().stream().mapToInt(ReferenceMode::count).max().orElse(1);
    add(folder, "predictions", type, a -> a.mean().predictions(), rows);
    if (several) {
      add(folder, "prediction_spread", type, EnsembleAttribution::predictionSpread, rows);
    }
    add(folder, "reference_predictions", type, OF_REFERENCES, rows, references);
    add(folder, "convergence_delta", type, DELTA, rows, references);
  }

  private void add(
      Path folder,
      String name,
      NpyType type,
      Function<EnsembleAttribution, Numbers> numbers,
      int... shape) {
    columns.add(new Column(NpyWriter.create(folder.resolve(name + ".npy"), type, shape), numbers));
  }

  private static int[] rowsOf(int rows, Shape shape) {
    int[] dims = new int[shape.rank() + 1];
    dims[0] = rows;
    System.arraycopy(shape.dims(), 0, dims, 1, shape.rank());
    return dims;
  }

  /** What file names end in, one per input: nothing for the only one, otherwise its name. */
  private static List<String> suffixes(List<Node> inputs) {
    if (inputs.size() == 1) {
      return List.of("");
    }
    List<String> suffixes = new ArrayList<>();
    for (Node input : inputs) {
      String suffix = "_" + input.name().replaceAll("[/\\\\\\p{Cntrl}]", "_");
      suffixes.add(suffixes.contains(suffix) ? suffix + "_" + suffixes.size() : suffix);
    }
    return suffixes;
  }

  /** Adds the next rows. */
  void write(EnsembleAttribution attribution) {
    Attribution mean = attribution.mean();
    boolean[] finite = new boolean[mean.rows()];
    for (int row = 0; row < finite.length; row++) {
      finite[row] = mean.isFinite(row, 0);
      if (!finite[row] && lost++ < MOST_NAMED) {
        named.add(rows + row);
      }
    }
    rows += finite.length;
    for (Column column : columns) {
      Numbers numbers = column.numbers().apply(attribution);
      column.writer().write(blanked(numbers, finite));
    }
    Numbers deltas = DELTA.apply(attribution);
    for (int i = 0; i < deltas.length(); i++) {
      if (finite[i / mean.references()]) {
        largestDelta = Math.max(largestDelta, Math.abs(deltas.get(i)));
      }
    }
  }

  /** Half a row of sound numbers would look like a result. */
  private static Numbers blanked(Numbers numbers, boolean[] finite) {
    int size = numbers.length() / finite.length;
    for (int row = 0; row < finite.length; row++) {
      if (!finite[row] && numbers.isDouble()) {
        Arrays.fill(numbers.doubles(), row * size, (row + 1) * size, Double.NaN);
      } else if (!finite[row]) {
        Arrays.fill(numbers.floats(), row * size, (row + 1) * size, Float.NaN);
      }
    }
    return numbers;
  }

  /**
   * @param folder that was written to
   * @throws LimitExceededException if rows had no finite result, which names the first
   */
  void requireFinite(Path folder) {
    if (lost > 0) {
      throw new LimitExceededException(
          "%d of %d rows have no finite result: %s%s; all their numbers in %s are NaN"
              .formatted(
                  lost,
                  rows,
                  String.join(", ", named.stream().map(row -> "row " + row).toList()),
                  lost > named.size() ? ", ..." : "",
                  folder));
    }
  }

  /** Largest |convergence delta| of the rows so far. */
  double largestDelta() {
    return largestDelta;
  }

  /** Gives the arrays their names. */
  @Override
  public void close() {
    RuntimeException first = null;
    for (Column column : columns) {
      try {
        column.writer().close();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private void abandon(RuntimeException cause) {
    try {
      close();
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }
}
