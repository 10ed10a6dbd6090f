package org.deepliftspark.job.cli;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.job.io.SequenceSource;

/**
 * The rows that a command computes on: all inputs of the model and their references, scaled. Any
 * number of threads.
 */
final class RowFeed implements Closeable {
  /** Copies of a row's numbers that a computation holds: fed, scored, averaged, and the native. */
  private static final int COPIES = 8;

  private final List<InputRows> inputs;
  private final List<RowReferences> references;
  private final float scale;
  private final long seed;
  private final long numbersPerRow;

  private RowFeed(
      List<InputRows> inputs,
      List<RowReferences> references,
      float scale,
      long seed,
      long numbersPerRow) {
    this.inputs = inputs;
    this.references = references;
    this.scale = scale;
    this.seed = seed;
    this.numbersPerRow = numbersPerRow;
  }

  /**
   * @param inputs one per input of the model; closed with this, and also after a failure
   * @param references an option value per input
   * @param bothStrands whether DNA is computed as its reverse complement too
   * @throws InvalidInputException if rows are not equally many, or references do not fit
   */
  static RowFeed open(
      Graph graph,
      List<InputRows> inputs,
      List<String> references,
      OptionValues values,
      boolean bothStrands) {
    List<RowReferences> opened = new ArrayList<>();
    try {
      checkRows(graph, inputs);
      long numbers = 0;
      int most = 1;
      for (int i = 0; i < references.size(); i++) {
        Node input = graph.inputs().get(i);
        opened.add(
            RowReferences.open(
                references.get(i),
                input.shape(),
                inputs.get(i).rows(),
                values.get(Options.SEED),
                bothStrands && SequenceSource.isDna(input)));
        most = Math.max(most, opened.get(i).count());
        numbers += input.shape().size();
      }
      float scale = values.get(Options.INPUT_SCALE).floatValue();
      return new RowFeed(inputs, opened, scale, values.get(Options.SEED), numbers * most);
    } catch (RuntimeException e) {
      inputs.forEach(InputRows::close);
      opened.forEach(RowReferences::close);
      throw e;
    }
  }

  private static void checkRows(Graph graph, List<InputRows> inputs) {
    for (int i = 1; i < inputs.size(); i++) {
      if (inputs.get(i).rows() != inputs.get(0).rows()) {
        throw new InvalidInputException(
            "Invalid %s: expected as many rows for each input, found %d for '%s' and %d for '%s'"
                .formatted(
                    Options.INPUTS,
                    inputs.get(0).rows(),
                    graph.inputs().get(0).name(),
                    inputs.get(i).rows(),
                    graph.inputs().get(i).name()));
      }
    }
  }

  int rows() {
    return inputs.get(0).rows();
  }

  /** Where the references of each input come from. */
  List<ReferenceMode> modes() {
    return references.stream().map(reference -> reference.mode(scale)).toList();
  }

  /** Rows {@code from} to {@code from + count} with their references. */
  Batch batch(int from, int count) {
    List<float[]> rows = new ArrayList<>();
    List<float[]> ofRows = new ArrayList<>();
    long[] seeds = new long[count];
    for (int i = 0; i < inputs.size(); i++) {
      float[] raw = inputs.get(i).rows(from, count);
      for (int row = 0; row < count; row++) {
        seeds[row] = RowReferences.seed(seeds[row] + ~seed, raw, row, raw.length / count);
      }
      // references before scaling: shuffles tell letters by their ones
      ofRows.add(RowReferences.scaled(references.get(i).of(raw, from, count), scale));
      rows.add(RowReferences.scaled(raw, scale));
    }
    return new Batch(count, rows, ofRows, seeds);
  }

  /**
   * How many rows to compute at once.
   *
   * @param wanted what the user asked for, or 0
   * @param preferred what suits the backend
   * @param results of a row that are held at once: one per model and strand
   * @return at least 1, and no more than half the heap and one array hold, shared by the threads
   */
  int rowsAtOnce(int wanted, int preferred, int threads, int results) {
    long bytes = numbersPerRow * Float.BYTES * COPIES * results;
    long byHeap = Runtime.getRuntime().maxMemory() / 2 / threads / bytes;
    long byArray = (Integer.MAX_VALUE - 8) / numbersPerRow;
    long most = Math.max(1, Math.min(byHeap, byArray));
    return (int) Math.min(most, wanted == 0 ? preferred : wanted);
  }

  /** How many rows, with their references, fit into so much memory; at least 1. */
  int rowsWithin(long bytes) {
    long fitting = Math.max(1, bytes / (numbersPerRow * Float.BYTES));
    return (int) Math.min(rows(), fitting);
  }

  @Override
  public void close() {
    inputs.forEach(InputRows::close);
    references.forEach(RowReferences::close);
  }
}
