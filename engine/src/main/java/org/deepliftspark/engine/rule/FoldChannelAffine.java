package org.deepliftspark.engine.rule;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deepliftspark.engine.Target;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/**
 * Folds batch normalisation into the convolution or dense layer before it: the same scores for less
 * work. Nodes that a target reads stay as they are, and so does a layer that something else reads
 * too.
 */
public final class FoldChannelAffine {
  private FoldChannelAffine() {}

  public static Graph apply(Graph graph, List<Target> targets) {
    Set<Integer> kept = new HashSet<>();
    for (Target target : targets) {
      for (Target.Term term : target.terms()) {
        kept.add(term.node());
        kept.add(term.activated());
      }
    }
    int[] readers = new int[graph.nodes().size()];
    for (Node node : graph.nodes()) {
      for (int source : node.inputs()) {
        readers[source]++;
      }
    }
    Graph result = graph;
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Op.ChannelAffine affine) {
        Node source = graph.node(node.inputs().get(0));
        Op folded =
            kept.contains(source.id()) || readers[source.id()] != 1 ? null : fold(source, affine);
        if (folded != null) {
          result = result.with(source.id(), folded).with(node.id(), new Op.Identity());
        }
      }
    }
    return result;
  }

  private static Op fold(Node source, Op.ChannelAffine affine) {
    if (source.op() instanceof Op.Conv conv && affine.axis() == 0) {
      float[] weight = conv.weight().data().clone();
      int perChannel = weight.length / affine.scale().size();
      for (int i = 0; i < weight.length; i++) {
        weight[i] *= affine.scale().data()[i / perChannel];
      }
      return new Op.Conv(
          Tensor.of(weight, conv.weight().shape()), bias(conv.bias(), affine), conv.geometry());
    } else if (source.op() instanceof Op.Dense dense
        && affine.axis() == source.shape().rank() - 1) {
      float[] weight = dense.weight().data().clone();
      for (int i = 0; i < weight.length; i++) {
        weight[i] *= affine.scale().data()[i % affine.scale().size()];
      }
      return new Op.Dense(Tensor.of(weight, dense.weight().shape()), bias(dense.bias(), affine));
    }
    return null;
  }

  private static Tensor bias(Tensor bias, Op.ChannelAffine affine) {
    float[] folded = affine.shift().data().clone();
    for (int channel = 0; channel < folded.length && bias != null; channel++) {
      folded[channel] =
          (float)
              ((double) bias.data()[channel] * affine.scale().data()[channel] + folded[channel]);
    }
    return Tensor.of(folded, Shape.of(folded.length));
  }
}
