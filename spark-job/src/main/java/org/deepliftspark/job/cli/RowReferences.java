package org.deepliftspark.job.cli;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.reference.NpyReferences;
import org.deepliftspark.engine.reference.ReferenceGenerator;
import org.deepliftspark.engine.reference.ReferenceSpec;
import org.deepliftspark.engine.reference.RowSeed;
import org.deepliftspark.job.partition.Strands;

/**
 * The references of one input, before {@code --input-scale}: from a file, made from each row, or
 * none. Any number of threads.
 */
final class RowReferences implements Closeable {
  private final Shape shape;
  private final long seed;
  private final ReferenceGenerator generator;
  private final NpyReferences file;
  private final boolean constant;

  private RowReferences(
      Shape shape,
      long seed,
      ReferenceGenerator generator,
      NpyReferences file,
      boolean bothStrands) {
    this.shape = shape;
    this.seed = seed;
    this.generator = generator;
    this.file = file;
    this.constant = shared() && !(bothStrands && changesOnReverse());
  }

  /**
   * @param text the option's value
   * @param shape of the input
   * @param rows of the inputs
   * @param seed of the run
   * @param bothStrands whether the input is DNA that is scored as its reverse complement too
   * @throws InvalidInputException if the text says nothing known, or the file's shape does not fit
   */
  static RowReferences open(String text, Shape shape, int rows, long seed, boolean bothStrands) {
    ReferenceSpec spec = ReferenceSpec.parse(text);
    if (spec instanceof ReferenceSpec.Hold) {
      return new RowReferences(shape, seed, null, null, bothStrands);
    } else if (spec instanceof ReferenceSpec.Npy npy) {
      NpyReferences file =
          NpyReferences.open(LocalModel.path(Options.REFERENCES, npy.path()), shape, rows);
      return new RowReferences(shape, seed, null, file, bothStrands);
    } else if (spec instanceof ReferenceSpec.Table) {
      throw new InvalidInputException(
          "Invalid "
              + Options.REFERENCES
              + " "
              + text
              + ": tables are for score; give an .npy file here");
    }
    return new RowReferences(shape, seed, ReferenceGenerator.of(spec, null), null, bothStrands);
  }

  /** How the program gets them; shared ones become its constants. */
  ReferenceMode mode(float scale) {
    if (generator == null && file == null) {
      return ReferenceMode.hold();
    } else if (!constant) {
      return ReferenceMode.given(count());
    }
    int[] dims = new int[shape.rank() + 1];
    dims[0] = count();
    System.arraycopy(shape.dims(), 0, dims, 1, shape.rank());
    return ReferenceMode.shared(Tensor.of(scaled(sharedByAll(), scale), dims));
  }

  /** References per row; 1 for an input that is held. */
  int count() {
    if (file != null) {
      return file.count();
    }
    return generator == null ? 1 : generator.count();
  }

  /** Whether all rows have the same references. */
  private boolean shared() {
    return file == null ? generator != null && generator.shared() : file.shared();
  }

  private float[] sharedByAll() {
    return file == null ? generator.shared(shape) : file.rows(0, 1);
  }

  private boolean changesOnReverse() {
    float[] forward = sharedByAll();
    float[] other = forward.clone();
    Strands.reverse(other, shape.size());
    return !Arrays.equals(forward, other);
  }

  /**
   * The references of some rows, {@code [count, references, shape...]}; null where the program
   * holds them. They depend on the seed and the row's numbers only, not on where it stands.
   *
   * @param rows the rows themselves, before scaling
   */
  float[] of(float[] rows, int from, int count) {
    if (constant || (generator == null && file == null)) {
      return null;
    } else if (shared()) {
      return repeated(sharedByAll(), count);
    } else if (file != null) {
      return file.rows(from, count);
    }
    int size = generator.size(shape);
    float[] out = new float[Math.multiplyExact(count, size)];
    for (int i = 0; i < count; i++) {
      float[] row = Arrays.copyOfRange(rows, i * shape.size(), (i + 1) * shape.size());
      generator.generate(row, shape, seed(seed, rows, i, shape.size()), out, i * size);
    }
    return out;
  }

  private static float[] repeated(float[] once, int times) {
    float[] all = new float[Math.multiplyExact(once.length, times)];
    for (int i = 0; i < times; i++) {
      System.arraycopy(once, 0, all, i * once.length, once.length);
    }
    return all;
  }

  /** The seed of what is drawn for a row: of its numbers, not of where it stands. */
  static long seed(long seed, float[] rows, int row, int size) {
    return RowSeed.of(seed, bytes(Arrays.copyOfRange(rows, row * size, (row + 1) * size)));
  }

  private static byte[] bytes(float[] row) {
    ByteBuffer buffer = ByteBuffer.allocate(row.length * Float.BYTES);
    buffer.asFloatBuffer().put(row);
    return buffer.array();
  }

  /** Multiplies in place. */
  static float[] scaled(float[] numbers, float scale) {
    if (scale != 1 && numbers != null) {
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] *= scale;
      }
    }
    return numbers;
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }
}
