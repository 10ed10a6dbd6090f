package org.deepliftspark.engine.importer.onnx;

import org.deepliftspark.engine.graph.Node;

/**
 * What a tensor name of the file stands for: a known array, or what a node of the graph computes.
 */
sealed interface OnnxValue permits OnnxArray, OnnxValue.Computed {

  /**
   * @param node computes the value for one example; in the file it has a batch axis in front
   */
  record Computed(Node node) implements OnnxValue {}
}
