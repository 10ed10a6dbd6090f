package org.deepliftspark.engine.importer.keras;

import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.importer.ModelImporter;
import org.deepliftspark.engine.importer.ModelSource;

/**
 * Reads Keras models: {@code .h5} of Keras 1.2, Keras 2, tf.keras and Keras 3, {@code .keras} of
 * Keras 3, and JSON with weights. Safe for many threads.
 */
public final class KerasImporter implements ModelImporter {

  @Override
  public boolean accepts(ModelSource source) {
    byte[] bytes = source.bytes();
    return KerasArchive.isHdf5(bytes) || KerasArchive.isZip(bytes) || KerasArchive.isJson(bytes);
  }

  @Override
  public Graph read(ModelSource source) {
    try (KerasArchive archive = KerasArchive.open(source)) {
      ModelConfig model =
          new ModelParser(source.name(), source.lambdas()).parse(archive.architecture());
      UnsupportedLayers.refuse(source.name(), model);
      return new ModelLowering(source.name(), archive.weights(), archive.isBeforeKeras3())
          .lower(model);
    }
  }
}
