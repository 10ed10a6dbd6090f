package org.deepliftspark.engine.importer.keras;

import java.util.List;

/**
 * A layer as the architecture describes it.
 *
 * @param name unique within its model
 * @param path names from the outermost nested model down to this layer, e.g. {@code [encoder,
 *     conv1d_1]}
 * @param className without a package prefix
 * @param module where the class lives, or null where the file does not say
 * @param config its settings
 * @param calls in the order of the file; none for layers of a Sequential
 * @param nested the model that this layer is, or null
 * @param checkpoint where the weights are in a Keras 3 weights file
 */
record LayerConfig(
    String name,
    List<String> path,
    String className,
    String module,
    Config config,
    List<LayerCall> calls,
    ModelConfig nested,
    String checkpoint) {

  /**
   * Whether this is a bare operation such as {@code x + y}, which Keras 3 lists among the layers.
   */
  boolean isOperation() {
    return isOperation(module);
  }

  static boolean isOperation(String module) {
    return module != null && (module.startsWith("keras.src.ops") || module.startsWith("keras.ops"));
  }

  /** In {@code .h5} no module tells operations from layers, but all layers can be trained. */
  boolean isBareOperation() {
    return module == null && !config.has("trainable");
  }

  /** Whether the class is Keras's own and not one of the same name from elsewhere. */
  boolean isBuiltIn() {
    return module == null
        || module.equals("keras")
        || module.startsWith("keras.")
        || module.startsWith("tensorflow.")
        || module.startsWith("tf_keras");
  }

  /** The layer's name including the models it is nested in. */
  String fullName() {
    return String.join("/", path);
  }
}
