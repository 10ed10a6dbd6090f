package org.deepliftspark.engine.reference;

import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Shape;

/** References from an array. */
final class GivenReferences extends SharedReferences {
  private static final long serialVersionUID = 1L;

  private final float[] references;
  private final int count;

  GivenReferences(float[] references, int count) {
    if (count <= 0 || references.length % count != 0) {
      throw new IllegalArgumentException(
          "Invalid references: " + references.length + " numbers for " + count + " references");
    }
    this.references = references;
    this.count = count;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public float[] shared(Shape shape) {
    if (references.length / count != shape.size()) {
      throw new InvalidInputException(
          "Invalid references: each has %d numbers, but the input %s has %d"
              .formatted(references.length / count, shape, shape.size()));
    }
    return references.clone();
  }
}
