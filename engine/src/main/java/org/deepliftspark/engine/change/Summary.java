package org.deepliftspark.engine.change;

import java.util.Optional;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Op.Reduction;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;

/**
 * A node that sums, averages or takes the largest over all positions: its new value follows from
 * that of a window and from what lies outside.
 *
 * @param node the node
 * @param source id of the node that it reads
 * @param reduction what it does
 */
record Summary(Node node, int source, Reduction reduction) {

  /** The summary that a node is, if it is one of a node that changes in a window. */
  static Optional<Summary> of(Node node, Graph graph, Reach reach) {
    if (node.inputs().size() != 1) {
      return Optional.empty();
    }
    int source = Sources.resolved(node.inputs().get(0), graph);
    if (source == reach.input() || !reach.isLocal(source) || reach.isLocal(node.id())) {
      return Optional.empty();
    }
    int axis = reach.passage(source).axis();
    Shape shape = graph.node(source).shape();
    Op op = node.op();
    if (op instanceof Op.Reduce reduce && reduce.axes().length == 1 && reduce.axes()[0] == axis) {
      return Optional.of(new Summary(node, source, reduce.reduction()));
    } else if (op instanceof Op.MaxPool pool && isWhole(pool.geometry(), shape, axis)) {
      return Optional.of(new Summary(node, source, Reduction.MAX));
    } else if (op instanceof Op.AveragePool pool && isWhole(pool.geometry(), shape, axis)) {
      return Optional.of(new Summary(node, source, Reduction.MEAN));
    }
    return Optional.empty();
  }

  private static boolean isWhole(PoolGeometry pool, Shape shape, int axis) {
    return pool.spatialAxes() == 1
        && axis == 1
        && pool.kernel()[0] == shape.dim(1)
        && pool.padsBegin()[0] == 0
        && pool.padsEnd()[0] == 0;
  }

  /** What is asked of a window. */
  Reduction ofWindow() {
    return reduction == Reduction.MAX ? Reduction.MAX : Reduction.SUM;
  }
}
