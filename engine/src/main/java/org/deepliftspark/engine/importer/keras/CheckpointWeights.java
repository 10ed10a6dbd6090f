package org.deepliftspark.engine.importer.keras;

import io.jhdf.api.Group;
import java.util.ArrayList;
import java.util.List;

/**
 * Weights as Keras 3 has them in {@code .keras} and {@code .weights.h5}: {@code
 * layers/CLASS[_k]/vars/0, 1, ...}, named after the layer's class with a counter in the order of
 * the architecture and not after the layer; nested models nest.
 */
final class CheckpointWeights extends WeightStore {

  CheckpointWeights(H5File h5) {
    super(h5);
  }

  @Override
  List<StoredWeight> of(LayerConfig layer) {
    List<StoredWeight> stored = new ArrayList<>();
    Group vars = h5().group(h5().root(), layer.checkpoint() + "/vars");
    if (vars != null) {
      int count = h5().children(vars).size();
      for (int k = 0; k < count; k++) {
        stored.add(new StoredWeight(vars, Integer.toString(k)));
      }
    }
    return stored;
  }

  @Override
  List<String> names() {
    Group layers = h5().group(h5().root(), "layers");
    return layers == null ? List.of() : h5().children(layers).stream().sorted().toList();
  }
}
