package org.deepliftspark.job.partition;

import java.io.Serializable;
import java.util.Arrays;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.encode.OneHotEncoder;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.reference.ReferenceGenerator;
import org.deepliftspark.engine.reference.RowSeed;

/** Where the references of one input of the rows of a job come from. */
public sealed interface References extends Serializable {

  /** The specification, with all that the numbers depend on besides row and seed. */
  String text();

  /** References per row; 1 for an input that is held. */
  int count();

  /**
   * How the program gets them: as constants where all rows share them, otherwise with each batch.
   *
   * @param bothStrands whether rows are scored as their reverse complement too, and their
   *     references with them
   */
  ReferenceMode mode(Shape shape, boolean bothStrands);

  /** The input is its own reference. */
  record Held() implements References {
    @Override
    public String text() {
      return "hold";
    }

    @Override
    public int count() {
      return 1;
    }

    @Override
    public ReferenceMode mode(Shape shape, boolean bothStrands) {
      return ReferenceMode.hold();
    }
  }

  /**
   * Made by a generator.
   *
   * @param seed the job's
   */
  record Generated(String text, ReferenceGenerator generator, long seed) implements References {
    @Override
    public int count() {
      return generator.count();
    }

    @Override
    public ReferenceMode mode(Shape shape, boolean bothStrands) {
      if (!isConstant(shape, bothStrands)) {
        return ReferenceMode.given(count());
      }
      int[] dims = new int[shape.rank() + 1];
      dims[0] = count();
      System.arraycopy(shape.dims(), 0, dims, 1, shape.rank());
      return ReferenceMode.shared(Tensor.of(generator.shared(shape), dims));
    }

    /** Whether the program holds them: they are the same for every row and strand. */
    private boolean isConstant(Shape shape, boolean bothStrands) {
      return generator.shared() && !(bothStrands && changesOnReverse(shape));
    }

    private boolean changesOnReverse(Shape shape) {
      float[] forward = generator.shared(shape);
      float[] other = forward.clone();
      Strands.reverse(other, shape.size());
      return !Arrays.equals(forward, other);
    }

    /**
     * The references of a batch of rows, {@code [rows, count, shape...]}; null where the program
     * holds them.
     */
    float[] of(float[] rows, String[] ids, Shape shape, boolean bothStrands) {
      return isConstant(shape, bothStrands) ? null : of(rows, ids, shape);
    }

    /** The same, also where the program holds them. */
    float[] of(float[] rows, String[] ids, Shape shape) {
      int size = shape.size();
      int perRow = generator.size(shape);
      float[] out = new float[Math.multiplyExact(ids.length, perRow)];
      float[] row = new float[size];
      for (int i = 0; i < ids.length; i++) {
        System.arraycopy(rows, i * size, row, 0, size);
        generator.generate(row, shape, RowSeed.of(seed, ids[i]), out, i * perRow);
      }
      return out;
    }

    /** Whether each reference is the row's own letters in another order. */
    boolean shuffles() {
      return !generator.shared();
    }
  }

  /**
   * In a column of the prepared rows, put there from a table.
   *
   * @param column of the prepared rows
   * @param count references of every row
   * @param letters encodes them if they are sequences; null if they are numbers
   */
  record Stored(String text, String column, int count, OneHotEncoder letters)
      implements References {
    @Override
    public ReferenceMode mode(Shape shape, boolean bothStrands) {
      return ReferenceMode.given(count);
    }
  }
}
