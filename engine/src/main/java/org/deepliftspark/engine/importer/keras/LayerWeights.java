package org.deepliftspark.engine.importer.keras;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/** The weights of one layer, read once however often the layer is called. */
final class LayerWeights {
  private final WeightStore store;
  private final LayerConfig layer;
  private final List<StoredWeight> stored;
  private final Map<String, Tensor> tensors = new HashMap<>();

  LayerWeights(WeightStore store, LayerConfig layer) {
    this(store, layer, store.of(layer));
  }

  private LayerWeights(WeightStore store, LayerConfig layer, List<StoredWeight> stored) {
    this.store = store;
    this.layer = layer;
    this.stored = stored;
  }

  /** The weights of the layer that this one wraps, without what the wrapper itself keeps. */
  LayerWeights of(LayerConfig wrapped) {
    return new LayerWeights(
        store,
        wrapped,
        stored.stream().filter(weight -> !weight.path().contains("vector_u")).toList());
  }

  /** Checks that the file has as many weights for this layer as its settings call for. */
  void expect(List<String> names) {
    if (stored.isEmpty()) {
      List<String> known = store.names();
      throw new ModelFormatException(
          "Cannot read model %s: no weights for layer '%s' (%s); the file has weights for: %s"
              .formatted(
                  store.h5().file(),
                  layer.fullName(),
                  String.join(", ", names),
                  known.isEmpty() ? "no layer" : String.join(", ", known)));
    }
    if (stored.size() != names.size()) {
      throw new ModelFormatException(
          "Invalid weights of layer '%s' in %s: expected %d (%s), found %d: %s"
              .formatted(
                  layer.fullName(),
                  store.h5().file(),
                  names.size(),
                  String.join(", ", names),
                  stored.size(),
                  String.join(", ", stored.stream().map(StoredWeight::path).toList())));
    }
  }

  int count() {
    return stored.size();
  }

  /** The shape of the weight at a position of the layer's list. */
  Shape shape(int index, String name) {
    StoredWeight weight = stored.get(index);
    return store.h5().shape(weight.group(), weight.path(), what(name));
  }

  /**
   * Reads the weight at a position of the layer's list.
   *
   * @param axes what the axes of the expected shape are, for the message
   */
  Tensor read(int index, String name, String axes, int... expected) {
    Shape found = shape(index, name);
    if (!Arrays.equals(found.dims(), expected)) {
      throw invalidShape(name, axes, expected, found);
    }
    return read(index, name);
  }

  /** Reads a weight whose shape the caller has checked. */
  Tensor read(int index, String name) {
    StoredWeight weight = stored.get(index);
    return store.h5().tensor(weight.group(), weight.path(), what(name));
  }

  ModelFormatException invalidShape(String name, String axes, int[] expected, Shape found) {
    return new ModelFormatException(
        "Invalid %s of layer '%s' in %s: expected shape %s (%s), found %s"
            .formatted(
                name, layer.fullName(), store.h5().file(), Arrays.toString(expected), axes, found));
  }

  /** What was made of weights, made at the first call and shared by all. */
  Tensor once(String key, Supplier<Tensor> make) {
    Tensor tensor = tensors.get(key);
    if (tensor == null) {
      tensor = make.get();
      tensors.put(key, tensor);
    }
    return tensor;
  }

  /** Whether kernels are stored mirrored, as Theano's convolution wants them. */
  boolean mirroredKernels() {
    return "theano".equals(store.backend());
  }

  boolean saysBackend() {
    return store.backend() != null;
  }

  private String what(String name) {
    return name + " of layer '" + layer.fullName() + "'";
  }
}
