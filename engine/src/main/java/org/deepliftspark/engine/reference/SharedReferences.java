package org.deepliftspark.engine.reference;

import org.deepliftspark.engine.graph.Shape;

/** References that are the same for every row. */
abstract class SharedReferences implements ReferenceGenerator {
  private static final long serialVersionUID = 1L;

  @Override
  public final boolean shared() {
    return true;
  }

  @Override
  public final void generate(float[] row, Shape shape, long rowSeed, float[] out, int offset) {
    float[] references = shared(shape);
    System.arraycopy(references, 0, out, offset, references.length);
  }
}
