package org.deepliftspark.engine.reference;

import java.io.Serializable;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Shape;

/** Makes the references of one input of a model. Immutable; any number of threads. */
public interface ReferenceGenerator extends Serializable {
  /** References per row. */
  int count();

  /**
   * Numbers in the references of one row.
   *
   * @throws InvalidInputException if they are more than one array holds
   */
  default int size(Shape shape) {
    long size = (long) count() * shape.size();
    if (size > Integer.MAX_VALUE - 8) {
      throw new InvalidInputException(
          "Invalid references: %d of shape %s are more than one array holds; use fewer"
              .formatted(count(), shape));
    }
    return (int) size;
  }

  /**
   * Whether the references are the same for every row, so that they can become constants of the
   * program.
   */
  boolean shared();

  /**
   * The references of all rows.
   *
   * @param shape of the input
   * @return {@code [count, shape...]}, row-major, channels-last
   * @throws InvalidInputException if they do not fit the shape
   * @throws IllegalStateException if they are not shared
   */
  float[] shared(Shape shape);

  /**
   * Writes the references of one row.
   *
   * @param row {@code [shape...]}, row-major, channels-last
   * @param rowSeed of {@link RowSeed}; reference k depends on it, on the row and on k only
   * @param out gets {@code [count, shape...]} from {@code offset} on
   * @throws InvalidInputException if the row cannot be shuffled so
   */
  void generate(float[] row, Shape shape, long rowSeed, float[] out, int offset);

  /**
   * The generator of a specification.
   *
   * @param unknown the numbers that stand for an unknown letter besides zeros, one per channel;
   *     null if none
   * @throws IllegalArgumentException if the references come from a file or a table, or are held:
   *     whoever reads those passes them on
   */
  static ReferenceGenerator of(ReferenceSpec spec, float[] unknown) {
    if (spec instanceof ReferenceSpec.Zeros) {
      return new ZeroReference();
    }
    if (spec instanceof ReferenceSpec.Background background) {
      return new BackgroundReference(background);
    }
    if (spec instanceof ReferenceSpec.Shuffle shuffle) {
      return new ShuffledReferences(
          shuffle.kind(), shuffle.count(), unknown == null ? null : unknown.clone());
    }
    throw new IllegalArgumentException("No generator for references " + spec);
  }

  /**
   * References that are given and the same for every row.
   *
   * @param references {@code [count, shape...]}; not copied
   */
  static ReferenceGenerator given(float[] references, int count) {
    return new GivenReferences(references, count);
  }
}
