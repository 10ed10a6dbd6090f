package org.deepliftspark.engine.rule;

import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;

/**
 * The kind of layer whose output an activation bends, for the genomics-default method
 * (kundajelab/deeplift, {@code DeepLIFT_GenomicsDefault}): batch normalisation and dropout are
 * looked through. Profile {@code default} looks through everything linear without weights as well
 * (pools, reshapes, sums whose terms agree), where the reference implementation gives up.
 */
enum LayerBefore {
  DENSE,
  CONVOLUTION,
  UNSURE;

  static LayerBefore of(Node activation, Graph graph, RuleProfile profile) {
    return at(graph.node(activation.inputs().get(0)), graph, profile);
  }

  private static LayerBefore at(Node node, Graph graph, RuleProfile profile) {
    Op op = node.op();
    if (op instanceof Op.Dense || op instanceof Op.MatMul) {
      return DENSE;
    } else if (op instanceof Op.Conv || op instanceof Op.ConvTranspose) {
      return CONVOLUTION;
    } else if (op instanceof Op.ChannelAffine || op instanceof Op.Identity || isLayoutOnly(op)) {
      return at(graph.node(node.inputs().get(0)), graph, profile);
    }
    return profile == RuleProfile.DEFAULT && isPlainLinear(op)
        ? agreed(node, graph, profile)
        : UNSURE;
  }

  /** Importers insert transposes between frameworks' layouts; they are no layers. */
  private static boolean isLayoutOnly(Op op) {
    return op instanceof Op.Transpose;
  }

  private static boolean isPlainLinear(Op op) {
    boolean sum =
        op instanceof Op.Binary binary
            && (binary.arithmetic() == Op.Arithmetic.ADD
                || binary.arithmetic() == Op.Arithmetic.SUBTRACT);
    return sum
        || op instanceof Op.AveragePool
        || op instanceof Op.MaxPool
        || op instanceof Op.Reduce
        || op instanceof Op.Reshape
        || op instanceof Op.Slice
        || op instanceof Op.Pad
        || op instanceof Op.Concat;
  }

  private static LayerBefore agreed(Node node, Graph graph, RuleProfile profile) {
    LayerBefore found = null;
    for (int source : node.inputs()) {
      if (graph.node(source).op() instanceof Op.Constant) {
        continue;
      }
      LayerBefore before = at(graph.node(source), graph, profile);
      if (found != null && found != before) {
        return UNSURE;
      }
      found = before;
    }
    return found == null ? UNSURE : found;
  }
}
