package org.deepliftspark.engine;

import org.deepliftspark.engine.graph.Tensor;

/** Where the references of one input come from. */
public sealed interface ReferenceMode {

  /** Every batch brings {@code count} references per row. */
  static ReferenceMode given(int count) {
    return new Given(count);
  }

  /**
   * All rows share these references, {@code [count, shape...]}: their forward pass is not repeated
   * per row.
   */
  static ReferenceMode shared(Tensor references) {
    return new Shared(references);
  }

  /** The input is its own reference: it is held fixed and gets no contributions. */
  static ReferenceMode hold() {
    return new Hold();
  }

  /** Number of references per row; 1 for an input that is held. */
  int count();

  /** See {@link #given}. */
  record Given(int count) implements ReferenceMode {
    public Given {
      if (count < 1) {
        throw new InvalidInputException(
            "Invalid number of references " + count + ": expected at least 1");
      }
    }
  }

  /** See {@link #shared}. */
  record Shared(Tensor references) implements ReferenceMode {
    @Override
    public int count() {
      return references.shape().dim(0);
    }
  }

  /** See {@link #hold}. */
  record Hold() implements ReferenceMode {
    @Override
    public int count() {
      return 1;
    }
  }
}
