package org.deepliftspark.job;

import java.util.Random;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/**
 * A small network over DNA: one convolution with ReLU, the mean over positions, two output units.
 * Weights are drawn by a seed.
 */
final class TestModel {
  static final int LENGTH = 12;
  static final int UNITS = 2;
  static final String HASH = "test-model";

  private static final int FILTERS = 3;
  private static final int WIDTH = 5;
  private static final String LETTERS = "ACGT";

  private final float[] kernel = new float[FILTERS * 4 * WIDTH];
  private final float[] kernelBias = new float[FILTERS];
  private final float[] dense = new float[FILTERS * UNITS];
  private final float[] denseBias = new float[UNITS];

  TestModel() {
    this(42);
  }

  TestModel(long seed) {
    Random random = new Random(seed);
    for (float[] weights : new float[][] {kernel, kernelBias, dense, denseBias}) {
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) random.nextGaussian();
      }
    }
  }

  Graph graph() {
    GraphBuilder builder = new GraphBuilder("tiny");
    Node input = builder.input("dna", Shape.of(LENGTH, 4));
    Node first = builder.add("to_channels_first", new Op.Transpose(new int[] {1, 0}), input);
    Op conv =
        new Op.Conv(
            Tensor.of(kernel, FILTERS, 4, WIDTH),
            Tensor.of(kernelBias, FILTERS),
            ConvGeometry.plain(1));
    Node convolved = builder.add("conv", conv, first);
    Node relu =
        builder.add(
            "relu",
            new Op.Activation(ActivationFunction.of(ActivationFunction.Kind.RELU)),
            convolved);
    Node mean = builder.add("mean", new Op.Reduce(Op.Reduction.MEAN, new int[] {1}, false), relu);
    Op units = new Op.Dense(Tensor.of(dense, FILTERS, UNITS), Tensor.of(denseBias, UNITS));
    builder.output("score", builder.add("units", units, mean));
    return builder.build();
  }

  /** The network in plain loops and double. */
  double predict(String sequence, int unit) {
    int positions = LENGTH - WIDTH + 1;
    double sum = denseBias[unit];
    for (int filter = 0; filter < FILTERS; filter++) {
      double total = 0;
      for (int at = 0; at < positions; at++) {
        total += Math.max(0, convolve(sequence, filter, at));
      }
      sum += total / positions * dense[filter * UNITS + unit];
    }
    return sum;
  }

  private double convolve(String sequence, int filter, int at) {
    double sum = kernelBias[filter];
    for (int tap = 0; tap < WIDTH; tap++) {
      int channel = LETTERS.indexOf(sequence.charAt(at + tap));
      if (channel >= 0) {
        sum += kernel[(filter * 4 + channel) * WIDTH + tap];
      }
    }
    return sum;
  }

  /** A network whose result overflows to infinity for sequences with two or more A. */
  static Graph overflowing() {
    float[] weights = new float[LENGTH * 4];
    for (int position = 0; position < LENGTH; position++) {
      weights[position * 4] = 3e38f;
      weights[position * 4 + 1] = 1f;
    }
    GraphBuilder builder = new GraphBuilder("overflowing");
    Node input = builder.input("dna", Shape.of(LENGTH, 4));
    Node flat = builder.add("flat", new Op.Reshape(Shape.of(LENGTH * 4)), input);
    Op unit = new Op.Dense(Tensor.of(weights, LENGTH * 4, 1), null);
    builder.output("score", builder.add("unit", unit, flat));
    return builder.build();
  }

  /** Different sequences of the model's length, drawn by a seed. */
  static String[] sequences(int count, long seed) {
    Random random = new Random(seed);
    return random
        .ints(0, 1 << (2 * LENGTH))
        .distinct()
        .limit(count)
        .mapToObj(TestModel::sequence)
        .toArray(String[]::new);
  }

  private static String sequence(int code) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < LENGTH; i++) {
      letters.append(LETTERS.charAt(code >>> (2 * i) & 3));
    }
    return letters.toString();
  }
}
