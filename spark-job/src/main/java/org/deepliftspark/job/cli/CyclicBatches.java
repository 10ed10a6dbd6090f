package org.deepliftspark.job.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.deepliftspark.engine.backend.Batch;

/** Batches of equal size over rows that start again when they end. Any number of threads. */
public final class CyclicBatches {
  private final List<Batch> batches;
  private final AtomicLong next = new AtomicLong();

  private CyclicBatches(List<Batch> batches) {
    this.batches = batches;
  }

  /**
   * @param rows all rows, in memory
   * @param size rows per batch
   */
  public static CyclicBatches of(Batch rows, int size) {
    List<Batch> batches = new ArrayList<>();
    for (int from = 0; from < rows.rows(); from += size) {
      batches.add(part(rows, from, size));
    }
    return new CyclicBatches(batches);
  }

  /** {@code size} rows from {@code from} on, beginning again after the last. */
  static Batch part(Batch rows, int from, int size) {
    List<float[]> inputs = new ArrayList<>();
    rows.inputs().forEach(all -> inputs.add(part(all, rows.rows(), from, size)));
    List<float[]> references = new ArrayList<>();
    rows.references().forEach(all -> references.add(part(all, rows.rows(), from, size)));
    return new Batch(size, inputs, references, seeds(rows, from, size));
  }

  private static long[] seeds(Batch rows, int from, int size) {
    return rows.seeds() == null
        ? null
        : IntStream.range(0, size).mapToLong(i -> rows.seeds()[(from + i) % rows.rows()]).toArray();
  }

  private static float[] part(float[] all, int rows, int from, int size) {
    if (all == null) {
      return null;
    }
    int rowSize = all.length / rows;
    float[] part = new float[size * rowSize];
    for (int i = 0; i < size; i++) {
      System.arraycopy(all, (from + i) % rows * rowSize, part, i * rowSize, rowSize);
    }
    return part;
  }

  Batch next() {
    return batches.get((int) (next.getAndIncrement() % batches.size()));
  }
}
