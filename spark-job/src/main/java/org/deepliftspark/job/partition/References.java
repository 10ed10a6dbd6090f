package org.deepliftspark.job.partition;

import java.io.Serializable;
import java.util.Arrays;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.reference.ReferenceGenerator;
import org.deepliftspark.engine.reference.RowSeed;

/**
 * The references of the rows of a job.
 *
 * @param text the specification, with all that the numbers depend on besides row and seed
 * @param generator makes them
 * @param seed the job's
 */
public record References(String text, ReferenceGenerator generator, long seed)
    implements Serializable {

  /**
   * How the program gets them: as constants where all rows share them, otherwise with each batch.
   */
  public ReferenceMode mode(Shape shape) {
    if (!generator.shared()) {
      return ReferenceMode.given(generator.count());
    }
    int[] dims = new int[shape.rank() + 1];
    dims[0] = generator.count();
    System.arraycopy(shape.dims(), 0, dims, 1, shape.rank());
    return ReferenceMode.shared(Tensor.of(generator.shared(shape), dims));
  }

  /** What the method draws for each row, if it draws anything, depends on these. */
  long[] seeds(String[] ids) {
    return Arrays.stream(ids).mapToLong(id -> RowSeed.of(~seed, id)).toArray();
  }

  /**
   * The references of a batch of rows, {@code [rows, count, shape...]}; null where the program
   * holds them.
   */
  float[] of(float[] rows, String[] ids, Shape shape) {
    if (generator.shared()) {
      return null;
    }
    int size = shape.size();
    float[] out =
        new float[Math.multiplyExact(ids.length, Math.multiplyExact(generator.count(), size))];
    float[] row = new float[size];
    for (int i = 0; i < ids.length; i++) {
      System.arraycopy(rows, i * size, row, 0, size);
      generator.generate(row, shape, RowSeed.of(seed, ids[i]), out, i * generator.count() * size);
    }
    return out;
  }
}
