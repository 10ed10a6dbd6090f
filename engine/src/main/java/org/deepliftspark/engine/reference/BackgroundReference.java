package org.deepliftspark.engine.reference;

import java.util.List;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Shape;

/** One reference that holds the same number per channel at every position. */
final class BackgroundReference extends SharedReferences {
  private static final long serialVersionUID = 1L;

  private final ReferenceSpec.Background spec;

  BackgroundReference(ReferenceSpec.Background spec) {
    this.spec = spec;
  }

  @Override
  public int count() {
    return 1;
  }

  @Override
  public float[] shared(Shape shape) {
    List<Float> numbers = spec.numbers();
    int channels = shape.rank() == 0 ? 1 : shape.dim(-1);
    if (!spec.uniform() && numbers.size() != channels) {
      throw new InvalidInputException(
          "Invalid references '%s': %d numbers, but the input %s has %d channels; give one number per channel"
              .formatted(spec, numbers.size(), shape, channels));
    }
    float[] reference = new float[shape.size()];
    for (int i = 0; i < reference.length; i++) {
      reference[i] = spec.uniform() ? 1f / channels : numbers.get(i % channels);
    }
    return reference;
  }
}
