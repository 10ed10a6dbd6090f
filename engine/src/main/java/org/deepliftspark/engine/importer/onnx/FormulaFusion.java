package org.deepliftspark.engine.importer.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.deepliftspark.engine.graph.ActivationFunction;

/**
 * Makes one activation of element-wise nodes that branch off one tensor and meet again: two reads
 * of a tensor become one function of it, whatever it computes. Conditions that depend on the input
 * ({@code Greater} and {@code Where}) have a meaning only so. {@link PatternFusion} has named what
 * it knows before.
 */
final class FormulaFusion {
  /** Operator type of a fused function; not a name that a file can use. */
  static final String FUNCTION = "f(x)";

  /** Larger sub-graphs are left as they are. */
  private static final int MOST_PIECES = 64;

  /** A function of functions is written out where it is computed, and may double at every node. */
  private static final int MOST_STEPS = 512;

  private final ConstantPool constants;
  private final ElementWiseNodes elementWise;
  private final Map<String, OnnxNode> producers = new HashMap<>();
  private final Map<String, Integer> order = new HashMap<>();
  private final Map<String, Integer> steps = new HashMap<>();

  private FormulaFusion(OnnxModel model, ConstantPool constants) {
    this.constants = constants;
    this.elementWise = new ElementWiseNodes(model.opset(), constants);
  }

  static void apply(OnnxModel model, ConstantPool constants) {
    FormulaFusion fusion = new FormulaFusion(model, constants);
    List<OnnxNode> nodes = new ArrayList<>();
    for (OnnxNode node : model.nodes()) {
      OnnxNode fused = fusion.fused(node);
      nodes.add(fused);
      fused.outputs().forEach(output -> fusion.put(output, fused, nodes.size()));
    }
    model.replaceNodes(nodes);
  }

  private void put(String output, OnnxNode producer, int position) {
    producers.put(output, producer);
    order.put(output, position);
  }

  private OnnxNode fused(OnnxNode last) {
    if (!elementWise.joins(last)) {
      return last;
    }
    LinkedHashSet<OnnxNode> pieces = new LinkedHashSet<>(List.of(last));
    String source = source(last, pieces);
    if (source == null || pieces.size() < 2 && !last.opType().equals("Where")) {
      return last;
    }
    int size =
        pieces.stream().mapToInt(piece -> steps.getOrDefault(piece.outputs().get(0), 1)).sum();
    if (size > MOST_STEPS) {
      return last;
    }
    List<OnnxNode> inOrder = new ArrayList<>(pieces);
    inOrder.remove(last);
    inOrder.sort((a, b) -> order.get(a.outputs().get(0)) - order.get(b.outputs().get(0)));
    inOrder.add(last);
    ActivationFunction function = elementWise.function(inOrder, source);
    if (function == null) {
      return last;
    }
    steps.put(last.outputs().get(0), size);
    return OnnxNode.fused(last, FUNCTION, function, source);
  }

  /**
   * The nearest tensor that all of a node's computed inputs come from by element-wise nodes, which
   * are collected; null if there is none.
   */
  private String source(OnnxNode last, LinkedHashSet<OnnxNode> pieces) {
    TreeSet<String> open =
        new TreeSet<>(
            (a, b) -> {
              int byOrder = order.getOrDefault(b, 0) - order.getOrDefault(a, 0);
              return byOrder != 0 ? byOrder : a.compareTo(b);
            });
    addComputed(last, open);
    while (open.size() > 1
        || !open.isEmpty() && elementWise.isCondition(producers.get(open.first()))) {
      OnnxNode latest = producers.get(open.pollFirst());
      if (latest == null || pieces.size() == MOST_PIECES || !elementWise.isPiece(latest)) {
        return null;
      }
      pieces.add(latest);
      addComputed(latest, open);
    }
    return open.isEmpty() ? null : open.first();
  }

  private void addComputed(OnnxNode node, TreeSet<String> open) {
    for (String input : node.inputs()) {
      if (!input.isEmpty() && !constants.contains(input)) {
        open.add(input);
      }
    }
  }
}
