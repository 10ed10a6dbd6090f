package org.deepliftspark.engine.rule;

import java.util.List;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.Target;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Tensor;

/**
 * Refuses weights that are not finite: every row would be rejected, or worse, a maximum would hide
 * what is no number. Weights that no target depends on may hold anything.
 */
public final class WeightCheck {
  private WeightCheck() {}

  /**
   * @throws ModelFormatException that names the first node with such a weight
   */
  public static void check(Graph graph, List<Target> targets) {
    boolean[] needed = new boolean[graph.nodes().size()];
    for (Target target : targets) {
      for (Target.Term term : target.terms()) {
        needed[term.node()] = true;
        needed[term.activated()] = true;
      }
    }
    for (int id = needed.length - 1; id >= 0; id--) {
      if (needed[id]) {
        graph.node(id).inputs().forEach(source -> needed[source] = true);
      }
    }
    for (Node node : graph.nodes()) {
      if (needed[node.id()]) {
        check(node);
      }
    }
  }

  private static void check(Node node) {
    if (node.op() instanceof Op.Dense dense) {
      check(node, "weight", dense.weight());
      check(node, "bias", dense.bias());
    } else if (node.op() instanceof Op.Conv conv) {
      check(node, "weight", conv.weight());
      check(node, "bias", conv.bias());
    } else if (node.op() instanceof Op.ConvTranspose conv) {
      check(node, "weight", conv.weight());
      check(node, "bias", conv.bias());
    } else if (node.op() instanceof Op.ChannelAffine affine) {
      check(node, "scale", affine.scale());
      check(node, "shift", affine.shift());
    } else if (node.op() instanceof Op.Activation activation) {
      check(node, "slopes", activation.function().slopes());
    } else if (node.op() instanceof Op.Constant constant) {
      check(node, "value", constant.value());
    }
  }

  private static void check(Node node, String what, Tensor numbers) {
    float[] data = numbers == null ? new float[0] : numbers.data();
    int first = -1;
    int count = 0;
    for (int i = data.length - 1; i >= 0; i--) {
      if (!Float.isFinite(data[i])) {
        first = i;
        count++;
      }
    }
    if (count > 0) {
      throw new ModelFormatException(
          "Invalid %s of node '%s' (%s): %d of %d numbers are not finite, such as %s at %d; look how the model was trained or converted"
              .formatted(
                  what, node.name(), node.op().label(), count, data.length, data[first], first));
    }
  }
}
