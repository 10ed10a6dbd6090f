package org.deepliftspark.engine;

import java.util.Random;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/** Numbers drawn from a normal distribution, the same ones for the same seed. */
final class Draws {
  private Draws() {}

  static float[] numbers(long seed, int count) {
    Random random = new Random(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  static Tensor tensor(long seed, int... shape) {
    return Tensor.of(numbers(seed, Shape.of(shape).size()), shape);
  }
}
