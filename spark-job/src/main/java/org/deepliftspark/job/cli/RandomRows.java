package org.deepliftspark.job.cli;

import java.util.Random;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.engine.graph.Shape;

/** Random rows: one-hot letters where the input is DNA, normal numbers otherwise. */
final class RandomRows implements InputRows {
  private static final int ROWS = 32;

  private final Shape shape;
  private final long seed;

  RandomRows(Shape shape, long seed) {
    this.shape = shape;
    this.seed = seed;
  }

  /** Whether an input is a sequence of the letters A, C, G and T. */
  static boolean isDna(Shape shape) {
    return shape.rank() == 2 && shape.dim(-1) == DnaAlphabet.SIZE;
  }

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public float[] rows(int from, int count) {
    float[] rows = new float[Math.multiplyExact(count, shape.size())];
    for (int i = 0; i < count; i++) {
      fill(rows, i * shape.size(), new Random(seed + from + i));
    }
    return rows;
  }

  private void fill(float[] rows, int offset, Random random) {
    if (isDna(shape)) {
      for (int at = 0; at < shape.size(); at += DnaAlphabet.SIZE) {
        rows[offset + at + random.nextInt(DnaAlphabet.SIZE)] = 1;
      }
    } else {
      for (int at = 0; at < shape.size(); at++) {
        rows[offset + at] = (float) random.nextGaussian();
      }
    }
  }

  @Override
  public void close() {
    // nothing is open
  }
}
