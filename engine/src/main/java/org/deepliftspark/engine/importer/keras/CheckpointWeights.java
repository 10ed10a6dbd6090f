package org.deepliftspark.engine.importer.keras;

import io.jhdf.api.Group;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Weights as Keras 3 has them in {@code .keras} and {@code .weights.h5}: {@code
 * layers/CLASS[_k]/vars/0, 1, ...}, named after the layer's class with a counter in the order of
 * the architecture and not after the layer; nested models nest.
 *
 * <p>tf.keras 2.12 to 2.15 wrote {@code _layer_checkpoint_dependencies} for {@code layers} and met
 * each layer with weights twice, so that its counters have gaps; there the k-th group of a class is
 * the k-th layer's.
 */
final class CheckpointWeights extends WeightStore {
  private static final String LAYERS = "layers";

  /** Of layers within a custom layer. */
  private static final int DEEPEST = 16;

  private static final String FORMER_LAYERS = "_layer_checkpoint_dependencies";

  CheckpointWeights(H5File h5) {
    super(h5);
  }

  static boolean isIn(H5File h5) {
    return h5.group(h5.root(), LAYERS) != null || h5.group(h5.root(), FORMER_LAYERS) != null;
  }

  /** Layers whose weights are those of layers within them, in Keras's order. */
  private static final Map<String, List<String>> PARTS =
      Map.of(
          "MultiHeadAttention", List.of("query_dense", "key_dense", "value_dense", "output_dense"),
          "GroupedQueryAttention",
              List.of("query_dense", "key_dense", "value_dense", "output_dense"),
          "TimeDistributed", List.of("layer"),
          "SpectralNormalization", List.of("layer"));

  @Override
  List<StoredWeight> of(LayerConfig layer) {
    List<String> parts = PARTS.get(layer.className());
    if (parts == null) {
      Group group = at(layer.checkpoint());
      return LayerTable.isBuiltIn(layer) ? in(vars(group)) : all(group, 0);
    }
    List<StoredWeight> stored = new ArrayList<>();
    Group own = at(layer.checkpoint());
    for (String part : parts) {
      Group group = own == null ? null : h5().group(own, part);
      Group hidden = own == null || group != null ? group : h5().group(own, "_" + part);
      stored.addAll(in(vars(hidden)));
    }
    return stored;
  }

  /** A custom layer's own weights, then those of layers within it, by name. */
  private List<StoredWeight> all(Group group, int depth) {
    List<StoredWeight> stored = in(vars(group));
    if (group != null && depth < DEEPEST) {
      for (String child : h5().children(group).stream().sorted().toList()) {
        Group inner = child.equals("vars") ? null : h5().group(group, child);
        stored.addAll(all(inner, depth + 1));
      }
    }
    return stored;
  }

  private List<StoredWeight> in(Group vars) {
    List<StoredWeight> stored = new ArrayList<>();
    if (vars != null) {
      int count = h5().children(vars).size();
      for (int k = 0; k < count; k++) {
        stored.add(new StoredWeight(vars, Integer.toString(k)));
      }
    }
    return stored;
  }

  /**
   * Follows a path {@code layers/CLASS_k/layers/CLASS_k/...} to the last layer; null if it ends.
   */
  private Group at(String path) {
    Group at = h5().root();
    for (String step : path.split("/")) {
      if (at != null && !step.equals(LAYERS)) {
        Group layers = h5().group(at, LAYERS);
        at =
            layers == null ? former(h5().group(at, FORMER_LAYERS), step) : h5().group(layers, step);
      }
    }
    return at;
  }

  private Group vars(Group layer) {
    return layer == null ? null : h5().group(layer, "vars");
  }

  private Group former(Group layers, String name) {
    if (layers == null) {
      return null;
    }
    List<String> sameClass =
        h5().children(layers).stream()
            .filter(child -> className(child).equals(className(name)))
            .sorted(Comparator.comparingLong(CheckpointWeights::counter))
            .toList();
    long position = counter(name);
    return position < sameClass.size() ? h5().group(layers, sameClass.get((int) position)) : null;
  }

  private static String className(String name) {
    return name.replaceFirst("_\\d{1,9}$", "");
  }

  /** The number behind a class's name; the first has none and is 0. */
  private static long counter(String name) {
    String plain = className(name);
    return plain.length() == name.length() ? 0 : Long.parseLong(name.substring(plain.length() + 1));
  }

  @Override
  List<String> names() {
    Group layers = h5().group(h5().root(), LAYERS);
    layers = layers == null ? h5().group(h5().root(), FORMER_LAYERS) : layers;
    return layers == null ? List.of() : h5().children(layers).stream().sorted().toList();
  }
}
