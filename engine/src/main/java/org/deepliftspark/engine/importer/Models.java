package org.deepliftspark.engine.importer;

import java.nio.file.Path;
import java.util.List;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.importer.keras.KerasImporter;
import org.deepliftspark.engine.importer.onnx.OnnxImporter;

/** The door to model files of any format; safe for many threads. */
public final class Models {
  private static final List<ModelImporter> IMPORTERS =
      List.of(new KerasImporter(), new OnnxImporter());

  private Models() {}

  /**
   * Reads a model with the importer that knows its format, told from the bytes and not from the
   * name.
   *
   * @throws ModelFormatException if the file is no model, or a damaged one
   * @throws org.deepliftspark.engine.UnsupportedModelException if it holds layers without a rule;
   *     all are named
   */
  public static Graph read(ModelSource source) {
    if (source.bytes().length == 0) {
      throw new ModelFormatException("Cannot read model " + source.name() + ": the file is empty");
    }
    for (ModelImporter importer : IMPORTERS) {
      if (importer.accepts(source)) {
        if (!source.lambdas().isEmpty() && !(importer instanceof KerasImporter)) {
          throw new InvalidInputException(
              "Invalid --lambda: " + source.name() + " is no Keras model and has no Lambda layers");
        }
        return importer.read(source);
      }
    }
    throw new ModelFormatException(
        "Cannot read model "
            + source.name()
            + ": neither Keras (.h5, .keras, .json + --weights) nor ONNX");
  }

  /**
   * Files beside the model's own that weights lie in, sorted; none if no importer knows the format.
   *
   * @throws ModelFormatException if the file is a damaged model, or names files that are not there
   */
  public static List<Path> otherFiles(ModelSource source) {
    return IMPORTERS.stream()
        .filter(importer -> source.bytes().length > 0 && importer.accepts(source))
        .findFirst()
        .map(importer -> importer.otherFiles(source))
        .orElse(List.of());
  }
}
