package org.deepliftspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.rule.RuleProfile;
import org.junit.jupiter.api.Test;

/**
 * Cases of the reference implementation's own tests (kundajelab/deeplift), written down as numbers.
 * Its layers are channels-last, as inputs are here.
 */
class DeepliftCasesTest {
  private static final Op RELU = new Op.Activation(ActivationFunction.of(Kind.RELU));

  private static Op dense(int in, int out, float[] inByOut, float... bias) {
    return new Op.Dense(Tensor.of(inByOut, in, out), Tensor.of(bias, out));
  }

  /** w1 = [1, 2, 3, 4], w2 = -w1. */
  private static Op twoUnits() {
    return dense(4, 2, new float[] {1, -1, 2, -2, 3, -3, 4, -4}, -1, 1);
  }

  private static Graph chain(Shape input, Op... ops) {
    GraphBuilder builder = new GraphBuilder("case");
    Node at = builder.input("x", input);
    for (Op op : ops) {
      at = builder.add("layer", op, at);
    }
    builder.output("y", at);
    return builder.build();
  }

  private static final float[] ONES_AND_TWOS = {1, 1, 1, 1, 2, 2, 2, 2};

  @Test
  void t1DenseMultipliersAreItsWeights() {
    Graph graph = chain(Shape.of(4), twoUnits());
    Explained.network(graph)
        .targets("0", "1")
        .at(ONES_AND_TWOS)
        .predicts(9, -9, 19, -19)
        .multiplies(1, 2, 3, 4, -1, -2, -3, -4, 1, 2, 3, 4, -1, -2, -3, -4);
  }

  @Test
  void t2RescaleSharesTheChangeOfAnActivation() {
    Graph graph = chain(Shape.of(4), twoUnits(), RELU);
    Explained.network(graph)
        .targets("0", "1")
        .at(ONES_AND_TWOS)
        .predicts(9, 0, 19, 0)
        .multiplies(
            .9, 1.8, 2.7, 3.6, -.1, -.2, -.3, -.4, .95, 1.9, 2.85, 3.8, -.05, -.1, -.15, -.2);
  }

  @Test
  void t3GradientIsThatAtTheInput() {
    Explained.network(chain(Shape.of(4), twoUnits(), RELU))
        .by("gradient")
        .targets("0", "1")
        .at(ONES_AND_TWOS)
        .multiplies(1, 2, 3, 4, 0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0);
  }

  @Test
  void t4RevealCancelAfterDense() {
    Explained.network(chain(Shape.of(4), dense(4, 1, new float[] {1, -2, -3, 4}, 1), RELU))
        .by("reveal-cancel")
        .at(new float[] {-1, -1, 1, 1})
        .predicts(3)
        .multiplies(.625, -1.5, -1.875, 3)
        .contributes(-.625, 1.5, -1.875, 3)
        .sumsToDelta();
  }

  @Test
  void t5IntegratedGradientsByTheMidpointRule() {
    Explained.network(chain(Shape.of(2), dense(2, 1, new float[] {-1, -4}, 2.5f), RELU))
        .by("integrated-gradients:10")
        .fromAll(.1f)
        .at(new float[] {1.1f, 1.1f})
        .contributes(-.4, -1.6);
  }

  /** Channel 0 -8..-5 and channel 1 -4..-1; then 0..3 and 4..7. */
  static final float[] SEQUENCES = {-8, -4, -7, -3, -6, -2, -5, -1, 0, 4, 1, 5, 2, 6, 3, 7};

  /** Filter 0 by channel and position, filter 1 its negative. */
  static Op conv1d(int stride) {
    Tensor weight = Tensor.of(new float[] {-2, -1, 0, 1, 2, 1, 0, -1}, 2, 2, 2);
    ConvGeometry geometry =
        new ConvGeometry(new int[] {stride}, new int[1], new int[1], new int[] {1}, 1);
    return new Op.Conv(weight, Tensor.of(new float[] {-1, 1}, 2), geometry);
  }

  /** Filters on a channels-last input, channels last again. */
  private static Graph filters1d(Op op, Op... then) {
    return channelsLast(Shape.of(4, 2), op, then);
  }

  private static Graph channelsLast(Shape input, Op op, Op... then) {
    boolean plane = input.rank() == 3;
    GraphBuilder builder = new GraphBuilder("case");
    Node x = builder.input("x", input);
    int[] in = plane ? new int[] {2, 0, 1} : new int[] {1, 0};
    int[] out = plane ? new int[] {1, 2, 0} : new int[] {1, 0};
    Node at = builder.add("filters", op, builder.add("first", new Op.Transpose(in), x));
    at = builder.add("last", new Op.Transpose(out), at);
    if (then.length > 0) {
      at = builder.add("flat", new Op.Reshape(Shape.of(at.shape().size())), at);
    }
    for (Op layer : then) {
      at = builder.add("layer", layer, at);
    }
    builder.output("y", at);
    return builder.build();
  }

  /** A dense layer to one unit whose weights repeat. */
  private static Op repeating(int in, float bias, float... pattern) {
    float[] weights = new float[in];
    for (int i = 0; i < in; i++) {
      weights[i] = pattern[i % pattern.length];
    }
    return dense(in, 1, weights, bias);
  }

  @Test
  void t6Conv1d() {
    Explained.network(filters1d(conv1d(1)))
        .targets("all")
        .at(SEQUENCES)
        .predicts(19, -19, 17, -17, 15, -15, 3, -3, 1, -1, -1, 1);
    Explained.network(filters1d(conv1d(1), repeating(6, 1, 1, -1)))
        .at(SEQUENCES)
        .multiplies(-4, 0, -6, 2, -6, 2, -2, 2, -4, 0, -6, 2, -6, 2, -2, 2);
  }

  @Test
  void t6Conv1dWithStride() {
    Explained.network(filters1d(conv1d(2)))
        .targets("all")
        .at(SEQUENCES)
        .predicts(19, -19, 15, -15, 3, -3, -1, 1);
    Explained.network(filters1d(conv1d(2), repeating(4, 1, 1, -1)))
        .at(SEQUENCES)
        .multiplies(-4, 0, -2, 2, -4, 0, -2, 2, -4, 0, -2, 2, -4, 0, -2, 2);
  }

  private static Op conv2d(int stride) {
    float[] weight = new float[16];
    for (int i = 0; i < 8; i++) {
      weight[i] = i;
      weight[i + 8] = -i;
    }
    ConvGeometry geometry =
        new ConvGeometry(new int[] {stride, stride}, new int[2], new int[2], new int[] {1, 1}, 1);
    return new Op.Conv(Tensor.of(weight, 2, 2, 2, 2), Tensor.of(new float[] {-1, 1}, 2), geometry);
  }

  /** Numbers 0 to 63 as two examples of two channels of 4 x 4, channels last. */
  private static float[] images() {
    float[] numbers = new float[64];
    for (int i = 0; i < 64; i++) {
      numbers[i / 32 * 32 + i % 16 * 2 + i / 16 % 2] = i;
    }
    return numbers;
  }

  /** Two channels by rows, interleaved; repeated for {@code rows} examples. */
  private static double[] interleaved(int rows, double[] channel0, double[] channel1) {
    int size = channel0.length;
    return IntStream.range(0, rows * size * 2)
        .mapToDouble(i -> (i % 2 == 0 ? channel0 : channel1)[i / 2 % size])
        .toArray();
  }

  private static double[] withNegative(double... filter) {
    return interleaved(1, filter, Arrays.stream(filter).map(y -> -y).toArray());
  }

  @Test
  void t7Conv2d() {
    Explained.network(channelsLast(Shape.of(4, 4, 2), conv2d(1)))
        .targets("all")
        .at(images())
        .predicts(
            withNegative(
                439, 467, 495, 551, 579, 607, 663, 691, 719, 1335, 1363, 1391, 1447, 1475, 1503,
                1559, 1587, 1615));
    Explained.network(channelsLast(Shape.of(4, 4, 2), conv2d(1), repeating(18, 1, 1, -1)))
        .at(images())
        .multiplies(
            interleaved(
                2,
                new double[] {0, 2, 2, 2, 4, 12, 12, 8, 4, 12, 12, 8, 4, 10, 10, 6},
                new double[] {8, 18, 18, 10, 20, 44, 44, 24, 20, 44, 44, 24, 12, 26, 26, 14}));
  }

  @Test
  void t7Conv2dWithStrides() {
    Explained.network(channelsLast(Shape.of(4, 4, 2), conv2d(2)))
        .targets("all")
        .at(images())
        .predicts(withNegative(439, 495, 663, 719, 1335, 1391, 1559, 1615));
    Explained.network(channelsLast(Shape.of(4, 4, 2), conv2d(2), repeating(8, 1, 1, -1)))
        .at(images())
        .multiplies(
            interleaved(
                2,
                new double[] {0, 2, 0, 2, 4, 6, 4, 6, 0, 2, 0, 2, 4, 6, 4, 6},
                new double[] {8, 10, 8, 10, 12, 14, 12, 14, 8, 10, 8, 10, 12, 14, 12, 14}));
  }

  private static final float[] POOLED = {0, 3, 1, 2, 4, 1, 3, 0, 0, -3, -1, -2, -2, -1, -3, 0};

  private static PoolGeometry windows(int axes) {
    int[] twos = new int[axes];
    int[] ones = new int[axes];
    Arrays.fill(twos, 2);
    Arrays.fill(ones, 1);
    return new PoolGeometry(twos, ones, new int[axes], new int[axes]);
  }

  @Test
  void t8MaxPool1dIsTheGradientAtTheInput() {
    Op pool = new Op.MaxPool(windows(1));
    Explained.network(filters1d(pool))
        .targets("all")
        .at(POOLED)
        .predicts(1, 3, 4, 2, 4, 1, 0, -2, -1, -1, -2, 0);
    Explained.network(filters1d(pool, repeating(6, 1, 2, 3)))
        .profile(RuleProfile.DEEPLIFT)
        .at(POOLED)
        .multiplies(0, 3, 2, 3, 4, 3, 0, 0, 2, 0, 2, 3, 2, 3, 0, 3);
  }

  @Test
  void t9AveragePool1d() {
    Op pool = new Op.AveragePool(windows(1), false);
    Explained.network(filters1d(pool))
        .targets("all")
        .at(POOLED)
        .predicts(.5, 2.5, 2.5, 1.5, 3.5, .5, -.5, -2.5, -1.5, -1.5, -2.5, -.5);
    Explained.network(filters1d(pool, repeating(6, 1, 2, 3)))
        .at(POOLED)
        .multiplies(1, 1.5, 2, 3, 2, 3, 1, 1.5, 1, 1.5, 2, 3, 2, 3, 1, 1.5);
  }

  private static final float[] R = {0, 0, 2, 3, 0, 1, 0, 0, 0, 5, 4, 0, 6, 0, 7, 8};
  private static final float[] A = {2, 0, 2, 3, 0, 1, 4, 0, 7, 6, 5, 0, 6, 0, 8, 9};

  private static float[] plus(float[] numbers, float more) {
    float[] sum = numbers.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more;
    }
    return sum;
  }

  private static float[] twoChannels(float[] channel0, float[] channel1) {
    float[] numbers = new float[32];
    for (int i = 0; i < 32; i++) {
      numbers[i] = (i % 2 == 0 ? channel0 : channel1)[i / 2];
    }
    return numbers;
  }

  private static float[] join(float[] first, float[] second) {
    float[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static double[] join(double[] first, double[] second) {
    return IntStream.range(0, first.length + second.length)
        .mapToDouble(i -> i < first.length ? first[i] : second[i - first.length])
        .toArray();
  }

  @Test
  void t10Pool2dForward() {
    float[] negative = new float[16];
    Arrays.fill(negative, -1);
    float[] x = join(join(R, plus(R, 1)), negative);
    Explained.network(channelsLast(Shape.of(4, 4, 1), new Op.MaxPool(windows(2))))
        .targets("all")
        .at(x)
        .predicts(
            1, 2, 3, 5, 5, 4, 6, 7, 8, 2, 3, 4, 6, 6, 5, 7, 8, 9, -1, -1, -1, -1, -1, -1, -1, -1,
            -1);
    Explained.network(channelsLast(Shape.of(4, 4, 1), new Op.AveragePool(windows(2), false)))
        .targets("all")
        .at(x)
        .predicts(
            .25, .75, 1.25, 1.5, 2.5, 1, 2.75, 4, 4.75, 1.25, 1.75, 2.25, 2.5, 3.5, 2, 3.75, 5,
            5.75, -1, -1, -1, -1, -1, -1, -1, -1, -1);
  }

  private static final double[] OF_A = {1, 0, 0, 0, 0, 0, 2, 0, 2, 1, 1, 0, 0, 0, 1, 1};
  private static final double[] OF_R = {0, 0, 1, 1, 0, 1, 0, 0, 0, 2, 1, 0, 1, 0, 1, 1};

  private static double[] times(double factor, double... numbers) {
    return Arrays.stream(numbers).map(y -> factor * y).toArray();
  }

  private static Explained.Question pooled2d(Op pool) {
    return Explained.network(channelsLast(Shape.of(4, 4, 2), pool, repeating(18, 1, 2, 3)))
        .profile(RuleProfile.DEEPLIFT)
        .from(0, twoChannels(R, plus(R, 1)));
  }

  private static final float[] IMAGES =
      join(twoChannels(A, R), twoChannels(plus(R, 1), plus(A, 1)));

  @Test
  void t10MaxPool2dIsTheGradientAtTheInput() {
    pooled2d(new Op.MaxPool(windows(2)))
        .at(IMAGES)
        .multiplies(
            join(
                interleaved(1, times(2, OF_A), times(3, OF_R)),
                interleaved(1, times(2, OF_R), times(3, OF_A))));
  }

  @Test
  void t10AveragePool2d() {
    double[] cells = times(.25, 1, 2, 2, 1, 2, 4, 4, 2, 2, 4, 4, 2, 1, 2, 2, 1);
    pooled2d(new Op.AveragePool(windows(2), false))
        .at(IMAGES)
        .multiplies(interleaved(2, times(2, cells), times(3, cells)));
  }

  private static Graph concatenated() {
    GraphBuilder builder = new GraphBuilder("case");
    Node first = builder.input("first", Shape.of(1));
    Node second = builder.input("second", Shape.of(1));
    Node both = builder.add("both", new Op.Concat(0), first, second);
    builder.output("y", builder.add("dense", dense(2, 1, new float[] {1, 2}, 1), both));
    return builder.build();
  }

  @Test
  void t11ConcatenatedInputsGetTheirOwnMultipliers() {
    Explained.network(concatenated())
        .at(new float[] {1, 2}, new float[] {1, 2})
        .predicts(4, 7)
        .multipliesOf(0, 1, 1)
        .multipliesOf(1, 2, 2);
  }

  @Test
  void t12BatchNormalisationScalesMultipliers() {
    double[] scale = {2 / Math.sqrt(4.001), 3 / Math.sqrt(9.001)};
    float[] factors = {(float) scale[0], (float) scale[1]};
    float[] shift = {4 - 3 * factors[0], 5 - 3 * factors[1]};
    Op norm = new Op.ChannelAffine(Tensor.of(factors, 2), Tensor.of(shift, 2), 1);
    Op flat = new Op.Reshape(Shape.of(8));
    Explained.network(chain(Shape.of(4, 2), norm, flat, repeating(8, 0, 1)))
        .at(SEQUENCES)
        .multiplies(interleaved(2, fill(4, scale[0]), fill(4, scale[1])));
    assertThat(scale[0]).isCloseTo(.999875, within(1e-6));
  }

  private static double[] fill(int count, double number) {
    double[] numbers = new double[count];
    Arrays.fill(numbers, number);
    return numbers;
  }

  /**
   * Two units like T4's with reference pre-activations 1 and 3, the second through a scale of -1: p
   * = 4, n = -6, so y+ = 2.5 and y- = -4.5.
   */
  @Test
  void t12bANegativeScaleSwapsThePartsBeforeRevealCancel() {
    float[] weights = {1, 1, -2, -2, -3, -3, 4, 4};
    GraphBuilder builder = new GraphBuilder("case");
    Node x = builder.input("x", Shape.of(4));
    Node at = builder.add("dense", dense(4, 2, weights, 1, 1), x);
    Tensor scale = Tensor.of(new float[] {1, -1}, 2);
    at = builder.add("norm", new Op.ChannelAffine(scale, Tensor.of(new float[] {0, 4}, 2), 0), at);
    builder.output("y", builder.add("relu", RELU, at));
    Graph graph = builder.build();
    float[] input = {-1, -1, 1, 1};
    double[] first = {-.625, 1.5, -1.875, 3};
    Explained.network(graph)
        .by("reveal-cancel")
        .targets("0", "1")
        .at(input)
        .contributes(join(first, expectedOfNegated()))
        .sumsToDelta();
    // a target in the dense layer keeps batch normalisation from being folded into it
    Explained.network(graph)
        .by("reveal-cancel")
        .targets("0", "1", "dense:0")
        .at(input)
        .contributes(join(join(first, expectedOfNegated()), new double[] {-1, 2, -3, 4}))
        .sumsToDelta();
  }

  /** What rises through -w has multiplier 2.5 / 4, what falls 4.5 / 6. */
  private static double[] expectedOfNegated() {
    return new double[] {.625, -1.5, 1.875, -3};
  }

  private static ActivationFunction prelu(int channels, boolean spatial) {
    float[] slopes = new float[channels];
    for (int i = 0; i < channels; i++) {
      slopes[i] = .1f * (i + 1);
    }
    return ActivationFunction.prelu(
        spatial ? Tensor.of(slopes, channels, 1) : Tensor.of(slopes, channels));
  }

  private static Op unbiased(int[] pads, int... shape) {
    int axes = shape.length - 2;
    int[] ones = new int[axes];
    Arrays.fill(ones, 1);
    return new Op.Conv(
        Draws.tensor(7, shape), null, new ConvGeometry(ones, pads.clone(), pads, ones, 1));
  }

  private static Op unbiased(int in, int out) {
    return new Op.Dense(Draws.tensor(in, in, out), null);
  }

  private static void assertRescaleIsGradientTimesInput(Graph graph, float[]... inputs) {
    Explained gradient = Explained.network(graph).by("gradient-x-input").targets("all").at(inputs);
    Explained.network(graph).targets("all").at(inputs).sumsToDelta().contributesAs(gradient);
  }

  @Test
  void t14aConv1dWithoutBiasesIsGradientTimesInput() {
    for (int pad = 0; pad < 2; pad++) {
      Graph graph =
          filters1d(unbiased(new int[] {pad}, 3, 2, 3), RELU, unbiased((2 + 2 * pad) * 3, 2));
      assertRescaleIsGradientTimesInput(graph, Draws.numbers(1, 16));
    }
  }

  @Test
  void t14bPreluWithoutBiasesIsGradientTimesInput() {
    Op relu = new Op.Activation(prelu(6, false));
    Graph graph = filters1d(unbiased(new int[1], 3, 2, 3), relu, unbiased(6, 2));
    assertRescaleIsGradientTimesInput(graph, Draws.numbers(2, 16));
    GraphBuilder builder = new GraphBuilder("case");
    Node at =
        builder.add(
            "first", new Op.Transpose(new int[] {1, 0}), builder.input("x", Shape.of(4, 2)));
    at = builder.add("filters", unbiased(new int[] {1}, 3, 2, 3), at);
    at = builder.add("prelu", new Op.Activation(prelu(3, true)), at);
    builder.output(
        "y", builder.add("mean", new Op.Reduce(Op.Reduction.MEAN, new int[] {1}, false), at));
    assertRescaleIsGradientTimesInput(builder.build(), Draws.numbers(2, 16));
  }

  @Test
  void t14cConv2dWithoutBiasesIsGradientTimesInput() {
    for (int pad = 0; pad < 2; pad++) {
      int side = 2 + 2 * pad;
      Op conv = unbiased(new int[] {pad, pad}, 3, 2, 3, 3);
      Graph graph = channelsLast(Shape.of(4, 4, 2), conv, RELU, unbiased(side * side * 3, 2));
      assertRescaleIsGradientTimesInput(graph, Draws.numbers(3, 64));
    }
  }

  @Test
  void t14dTwoInputsWithoutBiasesAreGradientTimesInput() {
    GraphBuilder builder = new GraphBuilder("case");
    Node first = builder.input("first", Shape.of(3));
    Node second = builder.input("second", Shape.of(5));
    Node left = builder.add("left", RELU, builder.add("a", unbiased(3, 4), first));
    Node right = builder.add("right", RELU, builder.add("b", unbiased(5, 2), second));
    Node both = builder.add("both", new Op.Concat(0), left, right);
    builder.output("y", builder.add("dense", unbiased(6, 2), both));
    assertRescaleIsGradientTimesInput(builder.build(), Draws.numbers(4, 6), Draws.numbers(5, 10));
  }

  @Test
  void t14eHiddenSigmoidAndTanhSumToDelta() {
    for (Kind kind : new Kind[] {Kind.SIGMOID, Kind.TANH}) {
      Op activation = new Op.Activation(ActivationFunction.of(kind));
      Graph graph = filters1d(conv1d(1), activation, unbiased(6, 3), activation, unbiased(3, 2));
      Explained.network(graph).targets("all").at(Draws.numbers(6, 16)).sumsToDelta();
    }
  }
}
