package org.deepliftspark.engine.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Formula.Comparison;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.importer.Composites;
import org.deepliftspark.engine.importer.FormulaBuilder;

/** Draws small networks of every op and activation; the same seed draws the same network. */
public final class RandomGraph {
  /** How often each op and activation was drawn in this JVM. */
  static final Map<String, Integer> DRAWN = new TreeMap<>();

  private final Random random;
  private final GraphBuilder builder;
  private final List<UnaryOperator<Node>> steps = new ArrayList<>();

  private RandomGraph(long seed) {
    this.random = new Random(seed);
    this.builder = new GraphBuilder("random-" + seed);
    steps.addAll(
        List.of(
            this::conv,
            this::conv,
            this::convTranspose,
            this::affine,
            this::activation,
            this::activation,
            this::activation,
            this::maxPool,
            this::averagePool,
            this::pad,
            this::slice,
            this::residual,
            this::concat,
            this::twoPlayers,
            this::matMul,
            this::softmax,
            this::composite,
            this::constantArithmetic,
            this::identity));
  }

  public static Graph draw(long seed) {
    return new RandomGraph(seed).draw();
  }

  private Graph draw() {
    int spatial = random.nextInt(3);
    Shape shape =
        switch (spatial) {
          case 0 -> Shape.of(5 + random.nextInt(6));
          case 1 -> Shape.of(12 + random.nextInt(12), 1 + random.nextInt(4));
          default -> Shape.of(7 + random.nextInt(5), 7 + random.nextInt(5), 1 + random.nextInt(3));
        };
    Node node = builder.input("x", shape);
    if (spatial > 0) {
      int[] toFirst = spatial == 1 ? new int[] {1, 0} : new int[] {2, 0, 1};
      node = count(builder.add("first", new Op.Transpose(toFirst), true, node));
    }
    int depth = 2 + random.nextInt(5);
    for (int i = 0; i < depth; i++) {
      node =
          node.shape().rank() == 1
              ? vectorStep(node)
              : steps.get(random.nextInt(steps.size())).apply(node);
    }
    if (node.shape().rank() > 1 && random.nextBoolean()) {
      node = reduce(node);
    }
    if (node.shape().rank() > 1) {
      node = count(builder.add("flat", new Op.Reshape(Shape.of(node.shape().size())), node));
    }
    node = dense(node, 3);
    if (random.nextInt(4) == 0) {
      node = count(builder.add("probabilities", new Op.Softmax(0), node));
    }
    builder.output("y", node);
    return builder.build();
  }

  private Node count(Node node) {
    DRAWN.merge(node.op().getClass().getSimpleName(), 1, Integer::sum);
    if (node.op() instanceof Op.Activation activation) {
      DRAWN.merge(activation.function().kind().name(), 1, Integer::sum);
    } else if (node.op() instanceof Op.Binary binary) {
      DRAWN.merge(binary.arithmetic().name(), 1, Integer::sum);
    } else if (node.op() instanceof Op.Reduce reduce) {
      DRAWN.merge("Reduce" + reduce.reduction(), 1, Integer::sum);
    }
    return node;
  }

  private Node vectorStep(Node node) {
    return switch (random.nextInt(7)) {
      case 0, 1 -> activation(node);
      case 6 -> composite(node);
      case 2 -> twoPlayers(node);
      case 3 -> softmax(node);
      default -> dense(node, 3 + random.nextInt(5));
    };
  }

  private Node dense(Node node, int out) {
    int in = node.shape().dim(-1);
    Tensor bias = random.nextBoolean() ? weights(0.5, out) : null;
    return count(
        builder.add("dense", new Op.Dense(weights(1 / Math.sqrt(in), in, out), bias), node));
  }

  private Node conv(Node node) {
    int axes = node.shape().rank() - 1;
    int channels = node.shape().dim(0);
    int groups = random.nextInt(3) == 0 ? channels : 1;
    int out = groups * (1 + random.nextInt(3));
    int[] weight = new int[axes + 2];
    int[] strides = new int[axes];
    int[] dilations = new int[axes];
    int[] begin = new int[axes];
    int[] end = new int[axes];
    weight[0] = out;
    weight[1] = channels / groups;
    int fan = weight[1];
    for (int axis = 0; axis < axes; axis++) {
      int length = node.shape().dim(axis + 1);
      weight[axis + 2] = 1 + random.nextInt(Math.min(4, length));
      dilations[axis] = (weight[axis + 2] - 1) * 2 + 1 <= length ? 1 + random.nextInt(2) : 1;
      strides[axis] = 1 + random.nextInt(2);
      begin[axis] = random.nextInt(3);
      end[axis] = random.nextInt(3);
      fan *= weight[axis + 2];
    }
    Tensor bias = random.nextBoolean() ? weights(0.3, out) : null;
    ConvGeometry geometry = new ConvGeometry(strides, begin, end, dilations, groups);
    return count(
        builder.add(
            "conv", new Op.Conv(weights(1.5 / Math.sqrt(fan), weight), bias, geometry), node));
  }

  private Node convTranspose(Node node) {
    int axes = node.shape().rank() - 1;
    int channels = node.shape().dim(0);
    int groups = random.nextInt(3) == 0 ? channels : 1;
    int[] weight = new int[axes + 2];
    int[] strides = new int[axes];
    int[] dilations = new int[axes];
    int[] begin = new int[axes];
    int[] end = new int[axes];
    int[] to = new int[axes + 1];
    weight[0] = channels;
    weight[1] = 1 + random.nextInt(3);
    to[0] = groups * weight[1];
    for (int axis = 0; axis < axes; axis++) {
      weight[axis + 2] = 1 + random.nextInt(4);
      strides[axis] = 1 + random.nextInt(2);
      dilations[axis] = 1 + random.nextInt(2);
      begin[axis] = random.nextInt(2);
      end[axis] = random.nextInt(2);
      int span = dilations[axis] * (weight[axis + 2] - 1) + 1;
      int whole = (node.shape().dim(axis + 1) - 1) * strides[axis] + span;
      to[axis + 1] = whole - begin[axis] - end[axis] + random.nextInt(strides[axis]);
      if (to[axis + 1] < 1) {
        begin[axis] = 0;
        end[axis] = 0;
        to[axis + 1] = whole;
      }
    }
    Tensor bias = random.nextBoolean() ? weights(0.3, to[0]) : null;
    ConvGeometry geometry = new ConvGeometry(strides, begin, end, dilations, groups);
    double scale = 1.5 / Math.sqrt((double) channels / groups * weight[2]);
    Op op = new Op.ConvTranspose(weights(scale, weight), bias, geometry, Shape.of(to));
    return count(builder.add("conv_transpose", op, node));
  }

  private Node affine(Node node) {
    int channels = node.shape().dim(0);
    return count(
        builder.add(
            "affine", new Op.ChannelAffine(weights(1, channels), weights(0.5, channels), 0), node));
  }

  private Node activation(Node node) {
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    ActivationFunction function =
        switch (kind) {
          case LEAKY_RELU -> ActivationFunction.of(kind, 0.1f + random.nextFloat() * 0.3f);
          case ELU -> ActivationFunction.of(kind, 0.5f + random.nextFloat());
          case CELU -> ActivationFunction.of(kind, 0.5f + random.nextFloat());
          case PRELU -> ActivationFunction.prelu(positiveSlopes(node));
          case CLIP -> clip();
          case HARD_SIGMOID -> ActivationFunction.of(kind, 0.1f + random.nextFloat(), 0.4f);
          case THRESHOLDED_RELU ->
              ActivationFunction.of(kind, random.nextFloat() - 0.5f, random.nextInt(2));
          case SQUAREPLUS -> ActivationFunction.of(kind, 0.5f + random.nextFloat());
          case COMPOSITE -> formula();
          default -> ActivationFunction.of(kind);
        };
    Node from =
        switch (kind) {
          case SQRT, LOG, RECIPROCAL -> positive(node);
          // towers of them leave the range of double
          case CUBE, EXPONENTIAL -> apply(ActivationFunction.of(Kind.TANH), node);
          default -> node;
        };
    return apply(function, from);
  }

  private Node apply(ActivationFunction function, Node node) {
    return count(builder.add("activation", new Op.Activation(function), node));
  }

  private ActivationFunction clip() {
    float low = -random.nextFloat();
    return switch (random.nextInt(3)) {
      case 0 -> ActivationFunction.clip(low, Float.POSITIVE_INFINITY);
      case 1 -> ActivationFunction.clip(Float.NEGATIVE_INFINITY, 1 + low);
      default -> ActivationFunction.clip(low, 1 + low);
    };
  }

  /** Values above 0; nearer to it, the exponential of a reciprocal leaves the range of float. */
  private Node positive(Node node) {
    Node softplus = apply(ActivationFunction.of(Kind.SOFTPLUS), node);
    Node least = builder.constant("least", Tensor.scalar(0.25f));
    return count(builder.add("positive", new Op.Binary(Op.Arithmetic.ADD), softplus, least));
  }

  /** Some of the variable's functions, added, multiplied, compared and chosen from. */
  private ActivationFunction formula() {
    Kind[] bounded = {Kind.SIGMOID, Kind.TANH, Kind.SOFTPLUS, Kind.ERF, Kind.RELU, Kind.SOFTSIGN};
    FormulaBuilder f = new FormulaBuilder();
    int x = f.argument();
    int result = x;
    for (int piece = 1 + random.nextInt(3); piece > 0; piece--) {
      int of = random.nextBoolean() ? x : result;
      int next = f.apply(ActivationFunction.of(bounded[random.nextInt(bounded.length)]), of);
      int number = f.constant(random.nextGaussian());
      result =
          switch (random.nextInt(5)) {
            case 0 -> f.choose(f.compare(Comparison.LESS, x, number), next, result);
            case 1 -> f.choose(f.not(f.compare(Comparison.EQUAL, next, number)), next, result);
            case 2 ->
                f.combine(
                    Op.Arithmetic.MINIMUM, f.combine(Op.Arithmetic.SUBTRACT, number, next), result);
            case 3 -> f.combine(Op.Arithmetic.MULTIPLY, next, result);
            default -> {
              int least = f.apply(ActivationFunction.of(Kind.SIGMOID), result);
              yield f.combine(
                  Op.Arithmetic.DIVIDE, next, f.combine(Op.Arithmetic.ADD, least, f.constant(0.5)));
            }
          };
    }
    return f.build();
  }

  private Tensor positiveSlopes(Node node) {
    int[] dims = new int[node.shape().rank()];
    Arrays.fill(dims, 1);
    dims[0] = node.shape().dim(0);
    return weights(0.3, dims);
  }

  private PoolGeometry window(Node node) {
    int axes = node.shape().rank() - 1;
    int[] kernel = new int[axes];
    int[] strides = new int[axes];
    int[] begin = new int[axes];
    int[] end = new int[axes];
    boolean tiles = random.nextBoolean();
    for (int axis = 0; axis < axes; axis++) {
      kernel[axis] = 1 + random.nextInt(Math.min(3, node.shape().dim(axis + 1)));
      strides[axis] = tiles ? kernel[axis] : 1 + random.nextInt(3);
      begin[axis] = tiles ? 0 : random.nextInt(kernel[axis]);
      end[axis] = tiles ? 0 : random.nextInt(kernel[axis]);
    }
    return new PoolGeometry(kernel, strides, begin, end);
  }

  private Node maxPool(Node node) {
    return count(builder.add("max", new Op.MaxPool(window(node)), node));
  }

  private Node averagePool(Node node) {
    return count(
        builder.add("average", new Op.AveragePool(window(node), random.nextBoolean()), node));
  }

  private Node pad(Node node) {
    int[] begin = new int[node.shape().rank()];
    int[] end = new int[node.shape().rank()];
    for (int axis = 0; axis < begin.length; axis++) {
      begin[axis] = random.nextInt(2);
      end[axis] = random.nextInt(2);
    }
    return count(builder.add("pad", new Op.Pad(begin, end, random.nextInt(2)), node));
  }

  private Node slice(Node node) {
    int rank = node.shape().rank();
    int[] starts = new int[rank];
    int[] steps = new int[rank];
    int[] dims = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      int length = node.shape().dim(axis);
      starts[axis] = random.nextInt(Math.max(1, length / 4));
      steps[axis] = 1 + random.nextInt(2);
      dims[axis] = (length - starts[axis] - 1) / steps[axis] + 1;
    }
    return count(builder.add("slice", new Op.Slice(starts, steps, Shape.of(dims)), node));
  }

  private Node residual(Node node) {
    Op.Arithmetic arithmetic = random.nextBoolean() ? Op.Arithmetic.ADD : Op.Arithmetic.SUBTRACT;
    return count(builder.add("residual", new Op.Binary(arithmetic), activation(node), node));
  }

  private Node concat(Node node) {
    Node other = activation(node);
    return count(
        builder.add("concat", new Op.Concat(random.nextInt(node.shape().rank())), node, other));
  }

  private Node twoPlayers(Node node) {
    Node left = activation(node);
    Op.Arithmetic[] kinds = {
      Op.Arithmetic.MULTIPLY, Op.Arithmetic.DIVIDE, Op.Arithmetic.MINIMUM, Op.Arithmetic.MAXIMUM
    };
    Op.Arithmetic kind = kinds[random.nextInt(kinds.length)];
    // a divisor that is never near 0
    Node right = kind == Op.Arithmetic.DIVIDE ? divisor(node) : activation(node);
    return count(builder.add("players", new Op.Binary(kind), left, right));
  }

  private Node divisor(Node node) {
    Node sigmoid =
        count(builder.add("sigmoid", new Op.Activation(ActivationFunction.of(Kind.SIGMOID)), node));
    Node one = builder.constant("half", Tensor.scalar(0.5f));
    return count(builder.add("divisor", new Op.Binary(Op.Arithmetic.ADD), sigmoid, one));
  }

  private Node softmax(Node node) {
    return count(builder.add("softmax", new Op.Softmax(random.nextInt(node.shape().rank())), node));
  }

  /** What importers make of layers that are several nodes. */
  private Node composite(Node node) {
    int last = node.shape().rank() - 1;
    int[] axes = last > 0 && random.nextBoolean() ? new int[] {last - 1, last} : new int[] {last};
    int first = builder.constant("before", Tensor.scalar(0)).id() + 1;
    Node result =
        switch (random.nextInt(4)) {
          case 0, 1 -> normalized(node, axes);
          case 2 -> Composites.logSumExp(builder, "logsumexp", node, new int[] {axes[0]}, true);
          default -> attention(node);
        };
    DRAWN.merge("composites", 1, Integer::sum);
    for (int id = first; id <= result.id(); id++) {
      count(builder.node(id));
    }
    return result;
  }

  /** Scaled per cell as layers do it: the sum of what is only normalized is 0. */
  private Node normalized(Node node, int[] axes) {
    Node normalized =
        Composites.normalized(builder, "normalized", node, axes, 0.1, random.nextBoolean());
    Node scale = builder.constant("scale", weights(1, node.shape().dims()));
    return builder.add("scaled", new Op.Binary(Op.Arithmetic.MULTIPLY), normalized, scale);
  }

  /** softmax(x x') x, or for a vector its square, over the last two axes. */
  private Node attention(Node node) {
    if (node.shape().rank() < 2) {
      return apply(ActivationFunction.of(Kind.SQUARE), node);
    }
    Node scores = builder.add("scores", new Op.MatMul(), node, turned(node));
    Node weights = builder.add("weights", new Op.Softmax(node.shape().rank() - 1), scores);
    DRAWN.merge("attention", 1, Integer::sum);
    return builder.add("attended", new Op.MatMul(), weights, node);
  }

  private Node turned(Node node) {
    int rank = node.shape().rank();
    int[] swap = new int[rank];
    Arrays.setAll(swap, axis -> axis < rank - 2 ? axis : 2 * rank - 3 - axis);
    return builder.add("turned", new Op.Transpose(swap), node);
  }

  /** A product with constant matrices, one or a stack, from the left or the right, or of two. */
  private Node matMul(Node node) {
    int rank = node.shape().rank();
    int[] dims = node.shape().dims();
    if (rank > 2 && random.nextBoolean()) {
      dims[0] = 1;
    }
    int free = 1 + random.nextInt(4);
    boolean left = random.nextBoolean();
    dims[left ? rank - 1 : rank - 2] = dims[left ? rank - 2 : rank - 1];
    dims[left ? rank - 2 : rank - 1] = free;
    if (random.nextInt(3) == 0) {
      return count(
          builder.add("product", new Op.MatMul(), activation(node), turned(activation(node))));
    }
    Node constant =
        builder.constant("factor", weights(1 / Math.sqrt(dims[left ? rank - 1 : rank - 2]), dims));
    return count(
        left
            ? builder.add("product", new Op.MatMul(), constant, node)
            : builder.add("product", new Op.MatMul(), node, constant));
  }

  private Node constantArithmetic(Node node) {
    int[] dims = node.shape().dims();
    dims[dims.length - 1] = 1;
    Node constant = count(builder.constant("constant", weights(1, dims)));
    Op.Arithmetic[] kinds = {
      Op.Arithmetic.ADD, Op.Arithmetic.SUBTRACT, Op.Arithmetic.MULTIPLY, Op.Arithmetic.MAXIMUM
    };
    Op.Binary op = new Op.Binary(kinds[random.nextInt(kinds.length)]);
    return count(
        random.nextBoolean()
            ? builder.add("arithmetic", op, node, constant)
            : builder.add("arithmetic", op, constant, node));
  }

  private Node identity(Node node) {
    return count(builder.add("identity", new Op.Identity(), node));
  }

  private Node reduce(Node node) {
    int rank = node.shape().rank();
    int kept = random.nextInt(rank + 1); // the channels more often, sometimes none
    int[] axes = IntStream.range(0, rank).filter(axis -> axis != kept % rank).toArray();
    Op.Reduction reduction = Op.Reduction.values()[random.nextInt(3)];
    return count(builder.add("reduce", new Op.Reduce(reduction, axes, random.nextBoolean()), node));
  }

  private Tensor weights(double scale, int... dims) {
    Shape shape = Shape.of(dims);
    float[] data = new float[shape.size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (random.nextGaussian() * scale);
    }
    return Tensor.of(data, shape);
  }
}
