package org.deepliftspark.engine.importer.keras;

import io.jhdf.api.Group;
import java.util.List;
import org.deepliftspark.engine.ModelFormatException;

/** The weights of a model's layers in one of Keras's two HDF5 layouts. */
abstract sealed class WeightStore implements AutoCloseable
    permits LegacyWeights, CheckpointWeights {
  private final H5File h5;

  WeightStore(H5File h5) {
    this.h5 = h5;
  }

  /** Tells the layout of a file that holds weights, alone or together with an architecture. */
  static WeightStore of(H5File h5) {
    Group root = h5.root();
    Group weights = h5.group(root, "model_weights");
    if (weights != null) {
      return new LegacyWeights(h5, weights);
    } else if (h5.texts(root, "layer_names") != null) {
      return new LegacyWeights(h5, root);
    } else if (CheckpointWeights.isIn(h5)) {
      return new CheckpointWeights(h5);
    }
    throw new ModelFormatException(
        "Cannot read weights %s: an HDF5 file, but not of a Keras model (it has none of model_weights, layer_names, layers)"
            .formatted(h5.file()));
  }

  H5File h5() {
    return h5;
  }

  /** A layer's weights in the order in which Keras lists them; empty if there are none. */
  abstract List<StoredWeight> of(LayerConfig layer);

  /** Names under which the file has weights. */
  abstract List<String> names();

  /** The library that trained the model, or null if the file does not say. */
  String backend() {
    return null;
  }

  @Override
  public void close() {
    h5.close();
  }
}
