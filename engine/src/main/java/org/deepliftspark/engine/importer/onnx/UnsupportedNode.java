package org.deepliftspark.engine.importer.onnx;

/**
 * Says that one node cannot be imported, and why; {@link GraphMapper} gathers these into one
 * message.
 */
final class UnsupportedNode extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsupportedNode(String reason) {
    super(reason, null, false, false);
  }
}
