package org.deepliftspark.engine.importer.onnx;

import java.util.List;
import org.deepliftspark.engine.graph.Node;

/**
 * Maps one node of the file to nodes of the graph. Stateless.
 *
 * <p>Throws {@link UnsupportedNode} for what is well-formed but has no counterpart, and {@link
 * IllegalArgumentException} for attributes and shapes that do not fit.
 */
interface NodeMapper {

  /** Returns one node per output that is computed. */
  List<Node> map(NodeCall call);

  /** A mapper of nodes with one output. */
  static NodeMapper single(Single mapper) {
    return call -> List.of(mapper.map(call));
  }

  /** Maps a node with one output. */
  interface Single {
    Node map(NodeCall call);
  }
}
