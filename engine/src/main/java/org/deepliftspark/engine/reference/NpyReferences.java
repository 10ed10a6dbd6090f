package org.deepliftspark.engine.reference;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.Arrays;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.npy.NpyFile;

/**
 * References in an {@code .npy} file {@code [1 or rows, references, shape...]}: the same for every
 * row, or each row's own.
 */
public final class NpyReferences implements Closeable {
  private final NpyFile file;
  private final int count;

  private NpyReferences(NpyFile file, int count) {
    this.file = file;
    this.count = count;
  }

  /**
   * @param file is closed with this, and also if it does not fit
   * @param shape of the input
   * @param rows of the inputs that the references belong to
   * @throws InvalidInputException if the array's shape does not fit the input's
   */
  public static NpyReferences of(NpyFile file, Shape shape, int rows) {
    int[] found = file.shape();
    boolean fits =
        found.length == shape.rank() + 2
            && (found[0] == 1 || found[0] == rows)
            && found[1] > 0
            && Arrays.equals(Arrays.copyOfRange(found, 2, found.length), shape.dims());
    if (!fits) {
      file.close();
      String input = shape.toString().replace("[", ", ").replace(", ]", "]");
      throw new InvalidInputException(
          "Invalid references %s: expected shape [1 or %d, references%s, found %s"
              .formatted(file.name(), rows, input, Arrays.toString(found)));
    }
    return new NpyReferences(file, found[1]);
  }

  /** As {@link #of(NpyFile, Shape, int)}. */
  public static NpyReferences open(Path path, Shape shape, int rows) {
    return of(NpyFile.open(path), shape, rows);
  }

  /** References per row. */
  public int count() {
    return count;
  }

  /** Whether they are the same for every row. */
  public boolean shared() {
    return file.rows() == 1;
  }

  /**
   * The references of some rows, {@code [number, count, shape...]}; of shared ones there is only
   * row 0.
   *
   * @throws InvalidInputException if a number is not finite
   */
  public float[] rows(int from, int number) {
    float[] rows = file.rows(from, number);
    for (int i = 0; i < rows.length; i++) {
      if (!Float.isFinite(rows[i])) {
        throw new InvalidInputException(
            "Invalid references %s: row %d holds %s, expected finite numbers"
                .formatted(file.name(), from + i / (rows.length / number), rows[i]));
      }
    }
    return rows;
  }

  @Override
  public void close() {
    file.close();
  }
}
