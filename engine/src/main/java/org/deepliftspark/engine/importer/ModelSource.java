package org.deepliftspark.engine.importer;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Bytes of a model file and what is needed to read them.
 *
 * @param name file name, for messages and for telling formats apart
 * @param bytes the whole file
 * @param weights bytes of the weights file of a Keras JSON model, or null
 * @param folder where ONNX external data may lie (nothing outside it is read), or null if the model
 *     is not in a local folder
 * @param layouts how ONNX inputs are laid out, by input name ({@code ""} for all)
 * @param lambdas what Keras's Lambda layers compute, by layer name: functions of a closed list,
 *     because code in a file is never run
 */
public record ModelSource(
    String name,
    byte[] bytes,
    byte[] weights,
    Path folder,
    Map<String, InputLayout> layouts,
    Map<String, String> lambdas) {

  public ModelSource(
      String name, byte[] bytes, byte[] weights, Path folder, Map<String, InputLayout> layouts) {
    this(name, bytes, weights, folder, layouts, Map.of());
  }

  public static ModelSource of(String name, byte[] bytes) {
    return new ModelSource(name, bytes, null, null, Map.of());
  }

  public InputLayout layoutOf(String input) {
    return Optional.ofNullable(layouts.get(input))
        .orElse(layouts.getOrDefault("", InputLayout.AUTO));
  }

  /** Where the channels of an ONNX model's input are. */
  public enum InputLayout {
    AUTO,
    CHANNELS_FIRST,
    CHANNELS_LAST
  }
}
