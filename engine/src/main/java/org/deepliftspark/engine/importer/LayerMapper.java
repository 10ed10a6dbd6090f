package org.deepliftspark.engine.importer;

import org.deepliftspark.engine.graph.Node;

/**
 * Reads a kind of layer that the importers do not know, as nodes of ops that exist. Implementations
 * are found by {@link java.util.ServiceLoader}: a public class with a constructor without
 * arguments, named in {@code META-INF/services/org.deepliftspark.engine.importer.LayerMapper} of a
 * jar on the driver's class path. Only the driver reads models.
 *
 * <p>A mapper is asked for what the importers have no reader for; it cannot replace one of theirs.
 * It must be stateless, as models may be read by many threads.
 */
public interface LayerMapper {

  /** Which files hold such layers. */
  enum Format {
    KERAS,
    ONNX
  }

  Format format();

  /**
   * What files call the layer: its class in Keras, without a package; in ONNX the operator, behind
   * its domain and a dot where it has one.
   */
  String type();

  /**
   * Adds the nodes of one call of a layer and returns the one that holds its result, with the axes
   * that the file's tensor has, but without the batch.
   *
   * @throws IllegalArgumentException with one line that says what does not fit; it is shown with
   *     the names of file and layer
   */
  Node map(CustomLayer layer);
}
