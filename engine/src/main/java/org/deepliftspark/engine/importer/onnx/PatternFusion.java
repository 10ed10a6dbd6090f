package org.deepliftspark.engine.importer.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.AttributeProto.AttributeType;
import org.nd4j.shade.protobuf.ByteString;

/**
 * Recognises what exporters write in pieces: {@code x * sigmoid(x)}, GELU by Erf or Tanh, Mish,
 * Softsign, the guarded Softplus of PyTorch, and a bias that is added after MatMul or Conv. The
 * last node of a pattern becomes one node for all; pieces that nothing else reads go.
 */
final class PatternFusion {
  /** Operator type of a fused {@code x * sigmoid(x)}; not a name that a file can use. */
  static final String SILU = "x*Sigmoid(x)";

  private static final double TOLERANCE = 1e-3;
  private static final double INVERSE_ROOT_2 = Math.sqrt(0.5);
  private static final double ROOT_2_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double GELU_CUBIC = 0.044715;

  /** From this x on, Softplus(x) and x are the same in float to 3e-7. */
  private static final double SOFTPLUS_LINEAR = 15;

  private final OnnxModel model;
  private final ConstantPool constants;
  private final Map<String, OnnxNode> producers;
  private final Map<String, Integer> uses;

  private PatternFusion(OnnxModel model, ConstantPool constants) {
    this.model = model;
    this.constants = constants;
    this.producers = model.producers();
    this.uses = model.uses();
  }

  static void apply(OnnxModel model, ConstantPool constants) {
    PatternFusion fusion = new PatternFusion(model, constants);
    List<OnnxNode> nodes = new ArrayList<>();
    for (OnnxNode node : model.nodes()) {
      OnnxNode fused = fusion.fused(node);
      nodes.add(fused);
      // Later patterns build on earlier ones: Mish on the guarded Softplus.
      fused.outputs().forEach(output -> fusion.producers.put(output, fused));
    }
    model.replaceNodes(nodes);
  }

  private OnnxNode fused(OnnxNode node) {
    if (!node.domain().isEmpty() || node.outputs().size() != 1) {
      return node;
    }
    return switch (node.opType()) {
      case "Mul" -> product(node);
      case "Div" ->
          isSoftsign(node)
              ? OnnxNode.fused(node, "Softsign", Map.of(), node.inputs().get(0))
              : product(node);
      case "Where" -> softplus(node);
      case "Log" -> logOfSum(node);
      case "Add" -> bias(node);
      default -> node;
    };
  }

  private OnnxNode product(OnnxNode node) {
    String root = node.outputs().get(0);
    for (String x : Factors.of(root, "", this).visited()) {
      Factors factors = x.equals(root) ? null : Factors.of(root, x, this);
      if (factors == null || factors.tensors().size() != 2 || !factors.tensors().contains(x)) {
        continue;
      }
      OnnxNode other =
          producers.get(factors.tensors().get(factors.tensors().get(0).equals(x) ? 1 : 0));
      if (is(other, "Sigmoid") && other.inputs().get(0).equals(x) && near(factors.scale(), 1)) {
        return OnnxNode.fused(node, SILU, Map.of(), x);
      }
      if (isMishGate(other, x) && near(factors.scale(), 1)) {
        return OnnxNode.fused(node, "Mish", Map.of(), x);
      }
      String gate = is(other, "Add") && near(factors.scale(), 0.5) ? plusOne(other) : null;
      if (gate != null && isErfGate(producers.get(gate), x)) {
        return OnnxNode.fused(node, "Gelu", Map.of(), x);
      }
      if (gate != null && isTanhGate(producers.get(gate), x)) {
        return OnnxNode.fused(node, "Gelu", Map.of("approximate", text("tanh")), x);
      }
    }
    return node;
  }

  private static AttributeProto text(String value) {
    return AttributeProto.newBuilder()
        .setType(AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  /** The t of {@code t + 1}, or null. */
  private String plusOne(OnnxNode add) {
    for (int i = 0; i < 2 && add.inputs().size() == 2; i++) {
      if (near(scalar(add.inputs().get(i)), 1)) {
        return add.inputs().get(1 - i);
      }
    }
    return null;
  }

  /** {@code x / (1 + |x|)}. */
  private boolean isSoftsign(OnnxNode div) {
    OnnxNode sum = is(div, "Div") ? producers.get(div.inputs().get(1)) : null;
    String magnitude = is(sum, "Add") ? plusOne(sum) : null;
    OnnxNode abs = magnitude == null ? null : producers.get(magnitude);
    return is(abs, "Abs") && abs.inputs().get(0).equals(div.inputs().get(0));
  }

  /** Whether a node is {@code tanh(softplus(x))}. */
  private boolean isMishGate(OnnxNode tanh, String x) {
    OnnxNode softplus = is(tanh, "Tanh") ? producers.get(tanh.inputs().get(0)) : null;
    return is(softplus, "Softplus") && softplus.inputs().get(0).equals(x);
  }

  /** Whether a node is {@code erf(x / sqrt 2)}. */
  private boolean isErfGate(OnnxNode erf, String x) {
    return is(erf, "Erf") && Factors.of(erf.inputs().get(0), x, this).are(INVERSE_ROOT_2, x);
  }

  /** Whether a node is {@code tanh(sqrt(2 / pi) (x + 0.044715 x^3))}. */
  private boolean isTanhGate(OnnxNode tanh, String x) {
    if (!is(tanh, "Tanh")) {
      return false;
    }
    Factors outer = Factors.of(tanh.inputs().get(0), x, this);
    OnnxNode sum = outer.tensors().size() == 1 ? producers.get(outer.tensors().get(0)) : null;
    if (!is(sum, "Add") || sum.inputs().size() != 2 || !near(outer.scale(), ROOT_2_OVER_PI)) {
      return false;
    }
    for (int i = 0; i < 2; i++) {
      Factors cubic = Factors.of(sum.inputs().get(i), x, this);
      if (sum.inputs().get(1 - i).equals(x)
          && (cubic.are(GELU_CUBIC, x, x, x) || isScaledCube(cubic, x))) {
        return true;
      }
    }
    return false;
  }

  private boolean isScaledCube(Factors factors, String x) {
    OnnxNode power = factors.tensors().size() == 1 ? producers.get(factors.tensors().get(0)) : null;
    return is(power, "Pow")
        && power.inputs().get(0).equals(x)
        && near(scalar(power.inputs().get(1)), 3)
        && near(factors.scale(), GELU_CUBIC);
  }

  /** {@code Where(x > 20, x, Softplus(x))}. */
  private OnnxNode softplus(OnnxNode where) {
    if (where.inputs().size() != 3) {
      return where;
    }
    OnnxNode greater = producers.get(where.inputs().get(0));
    OnnxNode softplus = producers.get(where.inputs().get(2));
    String x = where.inputs().get(1);
    boolean matches =
        is(greater, "Greater")
            && is(softplus, "Softplus")
            && greater.inputs().get(0).equals(x)
            && softplus.inputs().get(0).equals(x)
            && scalar(greater.inputs().get(1)) >= SOFTPLUS_LINEAR;
    return matches ? OnnxNode.fused(where, "Softplus", Map.of(), x) : where;
  }

  /** {@code Log(1 + Exp(x))}, which leaves the range of float where Softplus does not. */
  private OnnxNode logOfSum(OnnxNode log) {
    OnnxNode sum = is(log, "Log") ? producers.get(log.inputs().get(0)) : null;
    String term = is(sum, "Add") ? plusOne(sum) : null;
    OnnxNode exp = term == null ? null : producers.get(term);
    return is(exp, "Exp") ? OnnxNode.fused(log, "Softplus", Map.of(), exp.inputs().get(0)) : log;
  }

  /** A constant added to a product that nothing else reads is its bias. */
  private OnnxNode bias(OnnxNode add) {
    for (int i = 0; i < 2 && add.inputs().size() == 2; i++) {
      OnnxNode product = producers.get(add.inputs().get(i));
      boolean takesBias =
          (is(product, "MatMul") || is(product, "Conv")) && product.inputs().size() == 2;
      if (!takesBias
          || uses.get(add.inputs().get(i)) != 1
          || !constants.contains(add.inputs().get(1 - i))) {
        continue;
      }
      if (constants.contains(product.inputs().get(0))
          || !constants.contains(product.inputs().get(1))) {
        continue;
      }
      OnnxArray bias = constants.find(add.inputs().get(1 - i));
      int[] weight = constants.find(product.inputs().get(1)).dims();
      boolean conv = product.opType().equals("Conv");
      boolean fits = conv ? isPerChannel(bias.dims(), weight) : isPerColumn(bias.dims(), weight);
      if (fits && bias.isFloat()) {
        return OnnxNode.fused(
            add,
            product.opType(),
            product.attributes(),
            product.inputs().get(0),
            product.inputs().get(1),
            add.inputs().get(1 - i));
      }
    }
    return add;
  }

  /** {@code [1, channels, 1...]} or {@code [channels, 1...]}. */
  private static boolean isPerChannel(int[] bias, int[] weight) {
    int spatial = weight.length - 2;
    int at = bias.length - 1 - spatial;
    return spatial > 0
        && (at == 0 || at == 1)
        && bias[at] == weight[0]
        && Arrays.stream(bias).filter(dim -> dim != 1).count() <= 1;
  }

  /** {@code [outputs]} or {@code [1, outputs]}. */
  private static boolean isPerColumn(int[] bias, int[] weight) {
    return weight.length == 2
        && (bias.length == 1 || bias.length == 2 && bias[0] == 1)
        && bias[bias.length - 1] == weight[1];
  }

  /**
   * Whether a node is of a type and has as many inputs as that type needs; files may be damaged.
   */
  private static boolean is(OnnxNode node, String opType) {
    return node != null
        && node.opType().equals(opType)
        && node.domain().isEmpty()
        && node.inputs().size() >= leastInputs(opType);
  }

  private static int leastInputs(String opType) {
    return switch (opType) {
      case "Sigmoid", "Erf", "Tanh", "Softplus", "Abs", "Log", "Exp" -> 1;
      default -> 2;
    };
  }

  private static boolean near(double value, double expected) {
    return Math.abs(value - expected) <= TOLERANCE * Math.abs(expected);
  }

  /** The only number of a constant, or NaN. */
  private double scalar(String tensor) {
    OnnxArray array = constants.contains(tensor) ? constants.find(tensor) : null;
    return array == null || array.size() != 1 || array.dependsOnBatch()
        ? Double.NaN
        : array.number(0);
  }

  /**
   * A product taken apart.
   *
   * @param scale product of its scalar constants
   * @param tensors its other factors
   * @param visited every tensor met on the way down
   */
  private record Factors(double scale, List<String> tensors, List<String> visited) {
    private static final int MOST_PIECES = 8;

    /** Takes products apart from {@code tensor} down, but leaves {@code whole} whole. */
    static Factors of(String tensor, String whole, PatternFusion fusion) {
      double scale = 1;
      List<String> open = new ArrayList<>(List.of(tensor));
      List<String> tensors = new ArrayList<>();
      List<String> visited = new ArrayList<>();
      while (!open.isEmpty()) {
        String next = open.remove(open.size() - 1);
        visited.add(next);
        OnnxNode node =
            next.equals(whole) || visited.size() > MOST_PIECES ? null : fusion.producers.get(next);
        boolean pair = node != null && node.inputs().size() == 2;
        double number = fusion.scalar(next);
        double divisor = pair && is(node, "Div") ? fusion.scalar(node.inputs().get(1)) : Double.NaN;
        if (!Double.isNaN(number)) {
          scale *= number;
        } else if (pair && is(node, "Mul")) {
          open.addAll(node.inputs());
        } else if (!Double.isNaN(divisor)) {
          scale /= divisor;
          open.add(node.inputs().get(0));
        } else {
          tensors.add(next);
        }
      }
      return new Factors(scale, tensors, visited);
    }

    boolean are(double expected, String... expectedTensors) {
      return near(scale, expected) && tensors.equals(List.of(expectedTensors));
    }
  }
}
