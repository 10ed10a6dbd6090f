package org.deepliftspark.engine.importer.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.Formula.Comparison;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Op.Arithmetic;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.importer.FormulaBuilder;

/** Nodes of a file that work element by element, and what several of them compute together. */
final class ElementWiseNodes {
  private static final Map<String, Arithmetic> ARITHMETIC =
      Map.of(
          "Add", Arithmetic.ADD,
          "Sum", Arithmetic.ADD,
          "Sub", Arithmetic.SUBTRACT,
          "Mul", Arithmetic.MULTIPLY,
          "And", Arithmetic.MULTIPLY,
          "Div", Arithmetic.DIVIDE,
          "Min", Arithmetic.MINIMUM,
          "Max", Arithmetic.MAXIMUM,
          "Or", Arithmetic.MAXIMUM);

  private static final Set<String> COMPARISONS =
      Set.of("Greater", "Less", "GreaterOrEqual", "LessOrEqual", "Equal");

  /** Element types that a cast may lead to: conditions and numbers stay what they are. */
  private static final Set<Long> FLOATS = Set.of(1L, 10L, 11L, 16L);

  private final int opset;
  private final ConstantPool constants;

  ElementWiseNodes(int opset, ConstantPool constants) {
    this.opset = opset;
    this.constants = constants;
  }

  /** Whether a node reads two tensors that the model computes, or chooses between two values. */
  boolean joins(OnnxNode node) {
    long computed =
        node.inputs().stream().filter(input -> !constants.contains(input)).distinct().count();
    boolean choice = node.opType().equals("Where");
    return (choice ? computed > 0 : computed > 1)
        && (choice || ARITHMETIC.containsKey(node.opType()))
        && isPiece(node);
  }

  /** Whether a node works element by element, and its constants are single numbers. */
  boolean isPiece(OnnxNode node) {
    if (!node.domain().isEmpty() || node.outputs().size() != 1) {
      return false;
    }
    int inputs = node.inputs().size();
    boolean ofSeveral =
        switch (node.opType()) {
          case "Not", "Neg", "Identity" -> inputs == 1;
          case "Cast" -> inputs == 1 && FLOATS.contains(node.integer("to", 0));
          case "Where" -> inputs == 3 && !constants.contains(node.inputs().get(0));
          default ->
              inputs == 2
                  && (ARITHMETIC.containsKey(node.opType()) || COMPARISONS.contains(node.opType()));
        };
    return ofSeveral
        ? node.inputs().stream()
            .allMatch(input -> !constants.contains(input) || !Double.isNaN(number(input)))
        : inputs > 0 && !constants.contains(node.inputs().get(0)) && activation(node) != null;
  }

  /** Whether a node gives conditions rather than numbers. */
  boolean isCondition(OnnxNode node) {
    return node != null
        && (COMPARISONS.contains(node.opType())
            || Set.of("Not", "And", "Or").contains(node.opType()));
  }

  /** The only number of a constant that changes no shape, or NaN. */
  private double number(String constant) {
    OnnxArray array = constants.find(constant);
    return array == null || array.size() != 1 || array.rank() > 1 || array.dependsOnBatch()
        ? Double.NaN
        : array.number(0);
  }

  /** The activation that a node is, by the mapper of its operator; or null. */
  private ActivationFunction activation(OnnxNode node) {
    if (node.function() != null) {
      return node.function();
    }
    NodeMapper mapper = NodeMappers.find(node);
    GraphBuilder graph = new GraphBuilder("piece");
    List<OnnxValue> inputs = new ArrayList<>();
    inputs.add(new OnnxValue.Computed(graph.input("x", Shape.of(1))));
    for (String input : node.inputs().subList(1, node.inputs().size())) {
      if (!input.isEmpty()
          && Double.isNaN(constants.contains(input) ? number(input) : Double.NaN)) {
        return null;
      }
      inputs.add(input.isEmpty() ? null : constants.find(input));
    }
    if (mapper == null) {
      return null;
    }
    try {
      List<Node> mapped = mapper.map(new NodeCall(node, opset, inputs, new HashMap<>(), 0, graph));
      Node only = mapped.size() == 1 ? mapped.get(0) : null;
      boolean single = only != null && only.inputs().equals(List.of(0));
      return single && only.op() instanceof Op.Activation found && found.function().slopes() == null
          ? found.function()
          : null;
    } catch (UnsupportedNode | IllegalArgumentException | ArithmeticException e) {
      return null; // the mapper meets the node again and reports it
    }
  }

  /**
   * What nodes compute together, or null if they are nothing but arithmetic, which has rules of its
   * own.
   *
   * @param pieces in order; the last one gives the result
   * @param source what all of them come from
   */
  ActivationFunction function(List<OnnxNode> pieces, String source) {
    FormulaBuilder formula = new FormulaBuilder();
    Map<String, Integer> steps = new HashMap<>();
    steps.put(source, formula.argument());
    boolean bends = false;
    for (OnnxNode piece : pieces) {
      ActivationFunction activation = isNamed(piece.opType()) ? null : activation(piece);
      bends |= activation == null ? isChoice(piece.opType()) : !activation.kind().isArithmetic();
      int step =
          activation == null
              ? step(piece, formula, steps)
              : formula.apply(activation, steps.get(piece.inputs().get(0)));
      steps.put(piece.outputs().get(0), step);
    }
    return bends ? formula.build() : null;
  }

  private static boolean isNamed(String opType) {
    return switch (opType) {
      case "Not", "Neg", "Identity", "Cast", "Where" -> true;
      default -> ARITHMETIC.containsKey(opType) || COMPARISONS.contains(opType);
    };
  }

  private static boolean isChoice(String opType) {
    return opType.equals("Where") || COMPARISONS.contains(opType);
  }

  private int step(OnnxNode node, FormulaBuilder formula, Map<String, Integer> steps) {
    int[] from = new int[node.inputs().size()];
    for (int i = 0; i < from.length; i++) {
      String input = node.inputs().get(i);
      from[i] = steps.containsKey(input) ? steps.get(input) : formula.constant(number(input));
    }
    return switch (node.opType()) {
      case "Identity", "Cast" -> from[0];
      case "Not" -> formula.not(from[0]);
      case "Neg" -> formula.combine(Arithmetic.SUBTRACT, formula.constant(0), from[0]);
      case "Where" -> formula.choose(from[0], from[1], from[2]);
      case "Less" -> formula.compare(Comparison.LESS, from[0], from[1]);
      case "Greater" -> formula.compare(Comparison.LESS, from[1], from[0]);
      case "LessOrEqual" -> formula.not(formula.compare(Comparison.LESS, from[1], from[0]));
      case "GreaterOrEqual" -> formula.not(formula.compare(Comparison.LESS, from[0], from[1]));
      case "Equal" -> formula.compare(Comparison.EQUAL, from[0], from[1]);
      default -> formula.combine(ARITHMETIC.get(node.opType()), from[0], from[1]);
    };
  }
}
