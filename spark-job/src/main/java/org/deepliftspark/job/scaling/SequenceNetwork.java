package org.deepliftspark.job.scaling;

import java.util.Random;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/**
 * A network like BPNet of any size: a wide convolution, dilated ones with residual connections, the
 * mean over positions, one number. Weights are random, from a fixed seed.
 */
final class SequenceNetwork {
  private static final int FIRST_TAPS = 21;
  private static final int TAPS = 3;
  private static final int LAYERS = 4;
  private static final Op RELU =
      new Op.Activation(ActivationFunction.of(ActivationFunction.Kind.RELU));

  private final Random random = new Random(1);
  private final GraphBuilder builder = new GraphBuilder("sequence network");

  private SequenceNetwork() {}

  static Graph of(int length, int channels) {
    return new SequenceNetwork().build(length, channels);
  }

  private Graph build(int length, int channels) {
    Node at = builder.input("sequence", Shape.of(length, DnaAlphabet.SIZE));
    at = builder.add("channels_first", new Op.Transpose(new int[] {1, 0}), at);
    at = builder.add("first", conv(DnaAlphabet.SIZE, channels, FIRST_TAPS, 1), at);
    at = builder.add("first_relu", RELU, at);
    for (int layer = 1; layer <= LAYERS; layer++) {
      Node conv = builder.add("conv" + layer, conv(channels, channels, TAPS, 1 << layer), at);
      Node relu = builder.add("relu" + layer, RELU, conv);
      at = builder.add("sum" + layer, new Op.Binary(Op.Arithmetic.ADD), at, relu);
    }
    at = builder.add("mean", new Op.Reduce(Op.Reduction.MEAN, new int[] {1}, false), at);
    builder.output(
        "y", builder.add("dense", new Op.Dense(weights(channels, channels, 1), null), at));
    return builder.build();
  }

  private Op conv(int in, int out, int taps, int dilation) {
    int[] pads = {dilation * (taps - 1) / 2};
    return new Op.Conv(
        weights(in * taps, out, in, taps),
        Tensor.filled(0.01f, Shape.of(out)),
        new ConvGeometry(new int[] {1}, pads, pads, new int[] {dilation}, 1));
  }

  private Tensor weights(int inputs, int... dims) {
    float[] numbers = new float[Shape.of(dims).size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) (random.nextGaussian() / Math.sqrt(inputs));
    }
    return Tensor.of(numbers, dims);
  }
}
