package org.deepliftspark.engine.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;

/**
 * The one environment of ONNX Runtime in this JVM, made on first use; any thread may ask for it.
 */
final class OnnxEnvironment {

  private OnnxEnvironment() {}

  /**
   * @throws LinkageError if the native library does not load
   */
  static OrtEnvironment get() {
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "deeplift-spark");
  }
}
