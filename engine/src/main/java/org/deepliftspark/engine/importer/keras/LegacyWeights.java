package org.deepliftspark.engine.importer.keras;

import io.jhdf.api.Group;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/**
 * Weights as Keras 1, Keras 2 and Keras 3's {@code .h5} have them: one group per layer of the
 * outermost model, whose attribute {@code weight_names} lists the datasets. The weights of a nested
 * model are all in its one group, trainable ones first; there a layer's own are known by their
 * path.
 */
final class LegacyWeights extends WeightStore {
  private final Group weights;

  LegacyWeights(H5File h5, Group weights) {
    super(h5);
    this.weights = weights;
  }

  @Override
  List<StoredWeight> of(LayerConfig layer) {
    List<StoredWeight> outer = in(layer.path().get(0));
    if (layer.path().size() == 1) {
      return outer;
    }
    if (outer.isEmpty()) {
      return in(layer.name()); // Keras 1 flattened nested Sequentials
    }
    List<String> path = layer.path();
    List<StoredWeight> own = under(path.subList(1, path.size()), outer);
    own = own.isEmpty() ? under(path, outer) : own;
    return own.isEmpty()
        ? outer.stream().filter(weight -> isOf(weight, layer.name())).toList()
        : own;
  }

  /** Weights whose path is exactly that of a layer. */
  private static List<StoredWeight> under(List<String> path, List<StoredWeight> weights) {
    return weights.stream()
        .filter(weight -> components(weight).size() == path.size() + 1)
        .filter(weight -> components(weight).subList(0, path.size()).equals(path))
        .toList();
  }

  /**
   * tf.keras leaves the nested models out of the path, Keras 1 joins layer and weight: dense_1_W.
   */
  private static boolean isOf(StoredWeight weight, String layer) {
    List<String> path = components(weight);
    String last = path.get(path.size() - 1);
    return path.size() > 1 ? path.get(path.size() - 2).equals(layer) : last.startsWith(layer + "_");
  }

  private static List<String> components(StoredWeight weight) {
    return Arrays.asList(weight.path().split("/"));
  }

  private List<StoredWeight> in(String layer) {
    Group group = h5().group(weights, layer);
    List<String> names = group == null ? null : h5().texts(group, "weight_names");
    List<StoredWeight> stored = new ArrayList<>();
    if (names != null) {
      names.forEach(name -> stored.add(new StoredWeight(group, name)));
    }
    return stored;
  }

  @Override
  List<String> names() {
    List<String> names = new ArrayList<>();
    for (String layer : new HashSet<>(h5().children(weights))) {
      if (!in(layer).isEmpty()) {
        names.add(layer);
      }
    }
    names.sort(null);
    return names;
  }

  @Override
  String backend() {
    String named = h5().text(weights, "backend");
    return named == null ? h5().text(h5().root(), "backend") : named;
  }
}
