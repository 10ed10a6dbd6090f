package org.deepliftspark.engine.importer.onnx;

import static org.deepliftspark.engine.importer.onnx.NodeMapper.single;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.Op.Arithmetic;
import org.deepliftspark.engine.graph.Op.Reduction;

/** The table of operators that may depend on an input: the list of what is supported. */
final class NodeMappers {
  private static final Map<String, NodeMapper> TABLE = table();

  /** Operators whose mapper knows of a batch axis that is not in front. */
  private static final Set<String> TAKES_ANY_BATCH = takesAnyBatch();

  /** Why well-known operators have no rule. */
  private static final Map<String, String> REASONS = reasons();

  private NodeMappers() {}

  /** The mapper of a node, or null. */
  static NodeMapper find(OnnxNode node) {
    NodeMapper known = node.domain().isEmpty() ? TABLE.get(node.opType()) : null;
    return known == null ? CustomMapper.find(node) : known;
  }

  /** Whether a node is mapped right wherever the file has the batch axis of its inputs. */
  static boolean takesAnyBatch(OnnxNode node) {
    return node.domain().isEmpty() && TAKES_ANY_BATCH.contains(node.opType());
  }

  private static Set<String> takesAnyBatch() {
    Map<String, NodeMapper> activations = new TreeMap<>();
    addActivations(activations);
    Set<String> all = new TreeSet<>(activations.keySet());
    all.addAll(List.of("Add", "Sub", "Mul", "Div", "Sum", "Min", "Max", "Neg", "Where"));
    all.addAll(List.of("Gemm", "MatMul", "LayerNormalization"));
    all.addAll(List.of("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin"));
    all.addAll(List.of("Identity", "Dropout", "Cast"));
    all.addAll(List.of("Reshape", "Transpose", "Squeeze", "Unsqueeze"));
    all.addAll(List.of("Concat", "Slice", "Gather", "Split"));
    return all;
  }

  /** What a message calls an operator without a mapper: with the reason, where there is one. */
  static String refusal(OnnxNode node) {
    String reason = node.domain().isEmpty() ? REASONS.get(node.opType()) : null;
    return reason == null
        ? node.label()
        : "'" + node.name() + "' (" + node.typeLabel() + ": " + reason + ")";
  }

  private static Map<String, String> reasons() {
    Map<String, String> reasons = new TreeMap<>();
    for (String recurrent : List.of("LSTM", "GRU", "RNN")) {
      reasons.put(
          recurrent,
          "it is recurrent, and DeepLIFT has no rule for the products of its gates over the steps");
    }
    for (String stepped : List.of("Sign", "Floor", "Ceil", "Round", "Not", "IsNaN", "Mod")) {
      reasons.put(stepped, "it is constant but for its jumps, so no slope describes it");
    }
    for (String compared : List.of("Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Equal")) {
      reasons.put(compared, "a comparison has no slope");
    }
    for (String index : List.of("ArgMax", "ArgMin", "OneHot", "TopK", "NonZero", "Hardmax")) {
      reasons.put(index, "which element it takes depends on the input and has no slope");
    }
    for (String control : List.of("If", "Loop", "Scan")) {
      reasons.put(control, "it runs a graph of its own");
    }
    return reasons;
  }

  static Set<String> opTypes() {
    return TABLE.keySet();
  }

  private static Map<String, NodeMapper> table() {
    Map<String, NodeMapper> table = new TreeMap<>();
    addLinear(table);
    addActivations(table);
    addPools(table);
    addShapes(table);
    return table;
  }

  private static void addLinear(Map<String, NodeMapper> table) {
    table.put("Conv", single(ConvMapper::map));
    table.put("ConvTranspose", single(ConvTransposeMapper::map));
    table.put("Gemm", single(DenseMappers::gemm));
    table.put("MatMul", single(DenseMappers::matMul));
    table.put("BatchNormalization", single(DenseMappers::batchNormalization));
    table.put("LayerNormalization", single(NormMappers::layerNormalization));
    table.put("InstanceNormalization", single(NormMappers::instanceNormalization));
    table.put("GroupNormalization", single(NormMappers::groupNormalization));
    table.put("Add", single(call -> ArithmeticMappers.binary(call, Arithmetic.ADD)));
    table.put("Sub", single(call -> ArithmeticMappers.binary(call, Arithmetic.SUBTRACT)));
    table.put("Mul", single(call -> ArithmeticMappers.binary(call, Arithmetic.MULTIPLY)));
    table.put("Div", single(call -> ArithmeticMappers.binary(call, Arithmetic.DIVIDE)));
    table.put("Sum", single(call -> ArithmeticMappers.chain(call, Arithmetic.ADD)));
    table.put("Min", single(call -> ArithmeticMappers.chain(call, Arithmetic.MINIMUM)));
    table.put("Max", single(call -> ArithmeticMappers.chain(call, Arithmetic.MAXIMUM)));
    table.put("Einsum", single(LinearMappers::einsum));
    table.put("LRN", single(NormMappers::localResponse));
    table.put("LpNormalization", single(NormMappers::lpNormalization));
    table.put("MeanVarianceNormalization", single(NormMappers::meanVariance));
    table.put("Neg", single(ArithmeticMappers::negate));
  }

  private static void addActivations(Map<String, NodeMapper> table) {
    table.put("Relu", ActivationMappers.plain(Kind.RELU));
    table.put("Sigmoid", ActivationMappers.plain(Kind.SIGMOID));
    table.put("Tanh", ActivationMappers.plain(Kind.TANH));
    table.put("Softplus", ActivationMappers.plain(Kind.SOFTPLUS));
    table.put("Softsign", ActivationMappers.plain(Kind.SOFTSIGN));
    table.put("Exp", ActivationMappers.plain(Kind.EXPONENTIAL));
    table.put("Mish", ActivationMappers.plain(Kind.MISH));
    table.put(PatternFusion.SILU, ActivationMappers.plain(Kind.SILU));
    table.put(FormulaFusion.FUNCTION, single(ActivationMappers::function));
    table.put("Erf", ActivationMappers.plain(Kind.ERF));
    table.put("HardSwish", ActivationMappers.plain(Kind.HARD_SWISH));
    table.put("Abs", ActivationMappers.plain(Kind.ABS));
    table.put("Sqrt", ActivationMappers.plain(Kind.SQRT));
    table.put("Log", ActivationMappers.plain(Kind.LOG));
    table.put("Reciprocal", ActivationMappers.plain(Kind.RECIPROCAL));
    table.put("Pow", single(ActivationMappers::power));
    table.put("Celu", single(ActivationMappers::celu));
    table.put("HardSigmoid", single(ActivationMappers::hardSigmoid));
    table.put("ThresholdedRelu", single(ActivationMappers::thresholdedRelu));
    table.put("Shrink", single(ActivationMappers::shrink));
    table.put("LeakyRelu", single(ActivationMappers::leakyRelu));
    table.put("PRelu", single(ActivationMappers::prelu));
    table.put("Elu", single(ActivationMappers::elu));
    table.put("Selu", single(ActivationMappers::selu));
    table.put("Gelu", single(ActivationMappers::gelu));
    table.put("Clip", single(ActivationMappers::clip));
    table.put("LogSoftmax", single(NormMappers::logSoftmax));
    table.put("Softmax", single(ActivationMappers::softmax));
  }

  private static void addPools(Map<String, NodeMapper> table) {
    table.put("MaxPool", single(PoolMappers::max));
    table.put("AveragePool", single(PoolMappers::average));
    table.put("GlobalMaxPool", single(call -> PoolMappers.global(call, Reduction.MAX)));
    table.put("GlobalAveragePool", single(call -> PoolMappers.global(call, Reduction.MEAN)));
    table.put("LpPool", single(PoolMappers::norm));
    table.put("GlobalLpPool", single(PoolMappers::globalNorm));
    table.put("ReduceMin", single(PoolMappers::minimum));
    table.put("ReduceMean", single(call -> PoolMappers.reduce(call, Reduction.MEAN)));
    table.put("ReduceSum", single(call -> PoolMappers.reduce(call, Reduction.SUM)));
    table.put("ReduceL1", NormMappers.sumOf(Kind.ABS, null));
    table.put("ReduceL2", NormMappers.sumOf(Kind.SQUARE, Kind.SQRT));
    table.put("ReduceSumSquare", NormMappers.sumOf(Kind.SQUARE, null));
    table.put("ReduceLogSum", NormMappers.sumOf(null, Kind.LOG));
    table.put("ReduceLogSumExp", single(NormMappers::logSumExp));
    table.put("ReduceMax", single(call -> PoolMappers.reduce(call, Reduction.MAX)));
  }

  private static void addShapes(Map<String, NodeMapper> table) {
    table.put("Identity", single(ShapeMappers::identity));
    table.put("Dropout", single(ShapeMappers::dropout));
    table.put("Cast", single(ShapeMappers::cast));
    table.put("Flatten", single(ShapeMappers::flatten));
    table.put("Reshape", single(ReshapeMapper::map));
    table.put("Transpose", single(ShapeMappers::transpose));
    table.put("Squeeze", single(ShapeMappers::squeeze));
    table.put("Unsqueeze", single(ShapeMappers::unsqueeze));
    table.put("Expand", single(RepeatMappers::expand));
    table.put("Resize", single(ResizeMapper::map));
    table.put("Upsample", single(ResizeMapper::map));
    table.put("Tile", single(LinearMappers::tile));
    table.put("Where", single(LinearMappers::where));
    table.put("Trilu", single(LinearMappers::trilu));
    table.put("CumSum", single(LinearMappers::cumulativeSum));
    table.put("DepthToSpace", single(LinearMappers::depthToSpace));
    table.put("SpaceToDepth", single(LinearMappers::spaceToDepth));
    table.put("Concat", single(PartMappers::concat));
    table.put("Slice", single(PartMappers::slice));
    table.put("Gather", single(PartMappers::gather));
    table.put("Pad", single(PartMappers::pad));
    table.put("Split", PartMappers::split);
  }
}
