package org.deepliftspark.engine.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;

/**
 * The one environment of ONNX Runtime in this JVM, made on first use; any thread may ask for it.
 *
 * <p>ONNX Runtime's own shutdown hook gives it back while tasks still compute, as after Ctrl-C; the
 * next session that one of them opened would end the process by SIGABRT. The native environment
 * counts who uses it, so a use that is never given back keeps it as long as the process lives.
 */
final class OnnxEnvironment {
  private static final OrtLoggingLevel LEVEL = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
  private static final String NAME = "deeplift-spark";

  private static OrtEnvironment environment;

  private OnnxEnvironment() {}

  /**
   * @throws LinkageError if the native library does not load
   */
  static synchronized OrtEnvironment get() {
    if (environment == null) {
      environment = OrtEnvironment.getEnvironment(LEVEL, NAME);
      keep();
      if (new OnnxCudaBackend().absent().isPresent()) { // CUDA's part is loaded later from there
        ExtractedLibraries.remove();
      }
    }
    return environment;
  }

  /** There is no public way to count up; the version is pinned, and a test ends a process. */
  private static void keep() {
    try {
      Field api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
      Method create =
          OrtEnvironment.class.getDeclaredMethod(
              "createHandle", long.class, int.class, String.class);
      api.setAccessible(true);
      create.setAccessible(true);
      create.invoke(null, api.getLong(null), LEVEL.getValue(), NAME);
    } catch (ReflectiveOperationException | InaccessibleObjectException otherVersion) {
      // A version that a cluster brings computes as well; only its end by Ctrl-C may be unclean.
    }
  }
}
