package org.deepliftspark.engine.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.backend.Backend;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.OracleBackend;
import org.deepliftspark.engine.backend.Workspace;
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
import org.deepliftspark.engine.program.Cost;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.rule.Lowering;
import org.deepliftspark.engine.rule.Method;
import org.deepliftspark.engine.rule.ProgramCompiler;
import org.deepliftspark.engine.rule.RandomGraph;
import org.deepliftspark.engine.rule.RuleProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Predictions by windows are those of whole rows, whatever the network. */
class ChangePlanTest {
  private static final Op RELU = new Op.Activation(ActivationFunction.of(Kind.RELU));

  private static Lowering lowering(Graph graph) {
    return new Lowering(
        Method.of("in-silico-mutagenesis"),
        RuleProfile.DEFAULT,
        DeepLift.targets(graph, List.of("all")),
        Collections.nCopies(graph.inputs().size(), ReferenceMode.hold()),
        Precision.F32,
        false,
        false);
  }

  private static Executable onOracle(Program program) {
    return new OracleBackend().compile(program, new BackendOptions(Precision.F64, 0));
  }

  private static float[] numbers(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  /** Changes at every position in turn, of as many neighbours as there are up to the end. */
  private static final class EveryPlace implements Changes {
    private final float[][] row;
    private final int input;
    private final Shape shape;
    private final int width;
    private final float[] other;
    final List<double[]> predictions = new ArrayList<>();

    EveryPlace(float[][] row, int input, Shape shape, int width) {
      this.row = row;
      this.input = input;
      this.shape = shape;
      this.width = width;
      this.other = numbers(new Random(11), shape.size());
    }

    @Override
    public int count() {
      return shape.dim(0);
    }

    @Override
    public int first(int change) {
      return change;
    }

    @Override
    public int width(int change) {
      return Math.min(width, shape.dim(0) - change);
    }

    @Override
    public void write(int change, float[] into) {
      int stride = shape.size() / shape.dim(0);
      System.arraycopy(row[input], 0, into, 0, into.length);
      System.arraycopy(other, change * stride, into, change * stride, width(change) * stride);
    }

    @Override
    public void read(int change, double[] ofTargets) {
      assertThat(change).isEqualTo(predictions.size());
      predictions.add(ofTargets.clone());
    }

    double[] whole(int change, Workspace workspace) {
      float[][] changed = row.clone();
      changed[input] = new float[row[input].length];
      write(change, changed[input]);
      return workspace
          .run(new Batch(1, List.of(changed), List.of()))
          .get(ProgramCompiler.PREDICTION)
          .doubles();
    }
  }

  private static float[][] row(Graph graph, long seed) {
    Random random = new Random(seed);
    return graph.inputs().stream()
        .map(input -> numbers(random, input.shape().size()))
        .toArray(float[][]::new);
  }

  /** Largest difference from whole rows, in units of the largest prediction. */
  private static double difference(Graph graph, ChangePlan plan, int input, int width, long seed) {
    Program point = ProgramCompiler.compilePoint(graph, lowering(graph));
    float[][] row = row(graph, seed);
    EveryPlace changes = new EveryPlace(row, input, graph.inputs().get(input).shape(), width);
    double largest = 1e-3;
    double difference = 0;
    try (ChangeNetwork network = new ChangeNetwork(plan, ChangePlanTest::onOracle);
        ChangeSession session = network.newSession();
        Workspace whole = onOracle(point).newWorkspace()) {
      session.ask(row, changes);
      for (int change = 0; change < changes.count(); change++) {
        double[] expected = changes.whole(change, whole);
        double[] found = changes.predictions.get(change);
        assertThat(found).hasSameSizeAs(expected);
        for (int target = 0; target < found.length; target++) {
          largest = Math.max(largest, Math.abs(expected[target]));
          difference = Math.max(difference, Math.abs(found[target] - expected[target]));
        }
      }
    }
    return difference / largest;
  }

  /** Values pass between programs in float; some graphs divide by what is small. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void windowsGiveWhatWholeRowsGiveOnRandomNetworks(int width) {
    Set<String> inStages = new TreeSet<>();
    int planned = 0;
    List<String> wrong = new ArrayList<>();
    for (long seed = 1; seed <= 400; seed++) {
      Graph graph = RandomGraph.draw(seed);
      ChangePlan plan = ChangePlan.within(graph, lowering(graph), 0, width, 1);
      if (plan.stages().isEmpty()) {
        continue;
      }
      planned++;
      graph.nodes().stream()
          .filter(node -> node.id() > 0 && plan.reach().isLocal(node.id()))
          .forEach(node -> inStages.add(node.op().getClass().getSimpleName()));
      plan.summaries().forEach(summary -> inStages.add("all " + summary.reduction()));
      double difference = difference(graph, plan, 0, width, seed);
      if (difference > 1e-5) {
        wrong.add("graph " + seed + ": " + difference);
      }
    }
    assertThat(wrong).as("of %d graphs", planned).isEmpty();
    assertThat(planned).isGreaterThan(100);
    assertThat(inStages)
        .contains(
            "Activation",
            "AveragePool",
            "Binary",
            "ChannelAffine",
            "Concat",
            "Conv",
            "MaxPool",
            "Pad",
            "Slice",
            "Softmax",
            "Transpose",
            "all MAX",
            "all MEAN",
            "all SUM");
  }

  private static Tensor tensor(Random random, int... dims) {
    float[] numbers = numbers(random, Shape.of(dims).size());
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] /= (float) Math.sqrt(numbers.length / (double) dims[0]);
    }
    return Tensor.of(numbers, dims);
  }

  private static Op conv(Random random, int in, int out, int taps, int dilation, int pad) {
    int[] pads = {pad};
    return new Op.Conv(
        tensor(random, out, in, taps),
        tensor(random, out),
        new ConvGeometry(new int[] {1}, pads, pads, new int[] {dilation}, 1));
  }

  /** Convolutions and pools, as Basset has them, and dense layers over what is left. */
  private static Graph pooled() {
    Random random = new Random(1);
    GraphBuilder builder = new GraphBuilder("pooled");
    Node at = builder.input("x", Shape.of(101, 4));
    at = builder.add("first", new Op.Transpose(new int[] {1, 0}), at);
    at = builder.add("conv1", conv(random, 4, 8, 9, 1, 4), at);
    at = builder.add("relu1", RELU, at);
    at = builder.add("pool1", new Op.MaxPool(pool(3, 3, 0)), at);
    at = builder.add("conv2", conv(random, 8, 8, 5, 1, 2), at);
    at = builder.add("relu2", RELU, at);
    at = builder.add("pool2", new Op.MaxPool(pool(4, 4, 1)), at);
    at = builder.add("last", new Op.Transpose(new int[] {1, 0}), at);
    at = builder.add("flat", new Op.Reshape(Shape.of(at.shape().size())), at);
    at = builder.add("dense", new Op.Dense(tensor(random, at.shape().dim(0), 6), null), at);
    at = builder.add("relu3", RELU, at);
    builder.output("y", builder.add("out", new Op.Dense(tensor(random, 6, 2), null), at));
    return builder.build();
  }

  private static PoolGeometry pool(int kernel, int stride, int pad) {
    return new PoolGeometry(
        new int[] {kernel}, new int[] {stride}, new int[] {pad}, new int[] {pad});
  }

  /** Dilated convolutions with residual connections, as BPNet has them, and two heads. */
  private static Graph dilated() {
    Random random = new Random(2);
    GraphBuilder builder = new GraphBuilder("dilated");
    Node at = builder.input("x", Shape.of(180, 4));
    at = builder.add("first", new Op.Transpose(new int[] {1, 0}), at);
    at = builder.add("stem", RELU, builder.add("conv", conv(random, 4, 6, 7, 1, 3), at));
    for (int dilation = 2; dilation <= 16; dilation *= 2) {
      Node conv = builder.add("d", conv(random, 6, 6, 3, dilation, dilation), at);
      at = builder.add("sum", new Op.Binary(Op.Arithmetic.ADD), builder.add("r", RELU, conv), at);
    }
    Node profile = builder.add("profile", conv(random, 6, 1, 5, 1, 0), at);
    int positions = profile.shape().dim(1);
    profile =
        builder.add(
            "crop",
            new Op.Slice(new int[] {0, 10}, new int[] {1, 1}, Shape.of(1, positions - 20)),
            profile);
    Node pooled = builder.add("pool", new Op.Reduce(Op.Reduction.MEAN, new int[] {1}, false), at);
    builder.output(
        "counts", builder.add("count", new Op.Dense(tensor(random, 6, 1), null), pooled));
    builder.output("profile", profile);
    return builder.build();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.25, 0.5, 1})
  void whereverTheNetworkIsCutPredictionsAreTheSame(double share) {
    for (Graph graph : List.of(pooled(), dilated())) {
      ChangePlan plan = ChangePlan.within(graph, lowering(graph), 0, 1, share);
      assertThat(plan.stages()).isNotEmpty();
      assertThat(difference(graph, plan, 0, 1, 5)).as(graph.name()).isLessThan(1e-5);
    }
  }

  /** Work that changes share is not done again: what is left of it, against whole rows. */
  @Test
  void windowsSaveMostOfTheWork() {
    assertThat(saved(pooled())).isGreaterThan(3);
    assertThat(saved(dilated())).isGreaterThan(2);
  }

  private static double saved(Graph graph) {
    Program point = ProgramCompiler.compilePoint(graph, lowering(graph));
    ChangePlan plan = ChangePlan.cheapest(graph, lowering(graph), 0, 1);
    return Cost.of(point).flopsPerRow() / plan.flops();
  }

  /** A network that mixes all positions at once has nothing to share. */
  @Test
  void wholeRowsAreComputedWhereAllPositionsMix() {
    Random random = new Random(3);
    GraphBuilder builder = new GraphBuilder("mixed");
    Node at = builder.input("x", Shape.of(12, 4));
    at = builder.add("flat", new Op.Reshape(Shape.of(48)), at);
    builder.output("y", builder.add("dense", new Op.Dense(tensor(random, 48, 3), null), at));
    Graph graph = builder.build();
    Program point = ProgramCompiler.compilePoint(graph, lowering(graph));
    assertThat(ChangePlan.of(graph, lowering(graph), point, 0, 1)).isEqualTo(Optional.empty());
  }

  /** Two sequences meet behind their convolutions; each is changed in turn, the other stays. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void theOtherInputStays(int input) {
    Random random = new Random(4);
    GraphBuilder builder = new GraphBuilder("two");
    Node a = builder.input("a", Shape.of(60, 4));
    Node b = builder.input("b", Shape.of(60, 4));
    Node left = builder.add("ta", new Op.Transpose(new int[] {1, 0}), a);
    Node right = builder.add("tb", new Op.Transpose(new int[] {1, 0}), b);
    left = builder.add("ca", conv(random, 4, 5, 5, 1, 2), left);
    right = builder.add("cb", conv(random, 4, 5, 5, 1, 2), right);
    Node both = builder.add("both", new Op.Binary(Op.Arithmetic.MULTIPLY), left, right);
    both = builder.add("conv", conv(random, 5, 5, 5, 1, 2), builder.add("relu", RELU, both));
    both = builder.add("max", new Op.Reduce(Op.Reduction.MAX, new int[] {1}, false), both);
    builder.output("y", builder.add("out", new Op.Dense(tensor(random, 5, 1), null), both));
    Graph graph = builder.build();
    ChangePlan plan = ChangePlan.within(graph, lowering(graph), input, 2, 0.5);
    assertThat(plan.stages()).isNotEmpty();
    assertThat(difference(graph, plan, input, 2, 6)).isLessThan(1e-5);
  }

  /** Mutagenesis and occlusion of the engine, by windows on each backend and by whole rows. */
  @ParameterizedTest
  @ValueSource(strings = {"in-silico-mutagenesis", "occlusion:3:2", "occlusion:1:10"})
  void theEngineTakesWindowsOnEveryBackend(String method) {
    for (Graph graph : List.of(pooled(), dilated())) {
      int length = graph.inputs().get(0).shape().dim(0);
      float[] x = new float[2 * 4 * length];
      Random random = new Random(8);
      IntStream.range(0, 2 * length).forEach(i -> x[4 * i + random.nextInt(4)] = 1);
      Batch batch = new Batch(2, List.of(x), Arrays.asList((float[]) null));
      Attribution expected = explain(graph, method, "nd4j", Precision.F64, batch);
      double[] whole = expected.contributions(0).doubles();
      double scale = Math.max(Math.abs(expected.predictions().get(0)), largest(whole));
      for (Backend backend : Backends.all()) {
        if (!backend.onGpu()) {
          double[] found =
              explain(graph, method, backend.name(), Precision.F32, batch)
                  .contributions(0)
                  .doubles();
          assertThat(found)
              .as("%s of %s on %s", method, graph.name(), backend.name())
              .containsExactly(whole, within(1e-5 * scale));
        }
      }
    }
  }

  private static double largest(double[] numbers) {
    return Arrays.stream(numbers).map(Math::abs).max().orElseThrow();
  }

  private static Attribution explain(
      Graph graph, String method, String backend, Precision precision, Batch batch) {
    Shape shape = graph.inputs().get(0).shape();
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .method(method)
            .targets(List.of(graph.outputs().keySet().iterator().next() + ":0"))
            .references(
                List.of(
                    ReferenceMode.shared(
                        Tensor.filled(0.25f, Shape.of(1, shape.dim(0), shape.dim(1))))))
            .backend(backend)
            .precision(precision)
            .build();
    try (DeepLift engine = DeepLift.open(graph, options);
        DeepLift.Session session = engine.newSession()) {
      return session.attribute(batch);
    }
  }

  /** A row's numbers are the same bits whatever stands beside it, where the backend's are. */
  @Test
  void rowsDoNotDependOnEachOther() {
    Graph graph = pooled();
    int size = graph.inputs().get(0).shape().size();
    float[] x = new float[3 * size];
    Random random = new Random(9);
    IntStream.range(0, x.length / 4).forEach(i -> x[4 * i + random.nextInt(4)] = 1);
    double[] together =
        explain(graph, "in-silico-mutagenesis", "onnx", Precision.F32, batch(x))
            .contributions(0)
            .doubles();
    for (int row = 0; row < 3; row++) {
      float[] alone = Arrays.copyOfRange(x, row * size, (row + 1) * size);
      Attribution found =
          explain(graph, "in-silico-mutagenesis", "onnx", Precision.F32, batch(alone));
      assertThat(found.contributions(0).doubles())
          .containsExactly(Arrays.copyOfRange(together, row * size, (row + 1) * size));
    }
  }

  private static Batch batch(float[] x) {
    return new Batch(x.length / 404, List.of(x), Arrays.asList((float[]) null));
  }
}
