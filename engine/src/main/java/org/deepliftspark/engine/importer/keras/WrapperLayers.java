package org.deepliftspark.engine.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;

/** Layers around another layer. */
final class WrapperLayers {
  /** Steps are laid out one by one; a sequence network has another way to say this. */
  private static final int MOST_STEPS = 256;

  /** Wrapped layers that treat all steps at once as they treat one. */
  private static final Set<String> STEPWISE =
      Set.of("Dense", "Activation", "Dropout", "GaussianDropout", "GaussianNoise", "Identity");

  private WrapperLayers() {}

  /** The layer that a wrapper's settings hold, called as the wrapper is. */
  static LayerConfig wrapped(LayerConfig wrapper, String name) {
    JsonNode json = wrapper.config().find("layer");
    if (json == null || !json.isObject()) {
      throw wrapper.config().invalid("layer", "a layer", json);
    }
    List<String> path = new ArrayList<>(wrapper.path().subList(0, wrapper.path().size() - 1));
    path.add(name);
    String className = json.path("class_name").asText();
    Config config = new Config(wrapper.config().file(), wrapper.fullName(), json.path("config"));
    return new LayerConfig(
        name,
        List.copyOf(path),
        className.substring(className.lastIndexOf('>') + 1),
        json.path("module").isTextual() ? json.path("module").textValue() : null,
        config,
        List.of(),
        null,
        "");
  }

  static boolean isWrapper(LayerConfig layer) {
    return layer.isBuiltIn()
        && (layer.className().equals("TimeDistributed")
            || layer.className().equals("SpectralNormalization"));
  }

  /** What normalised the kernel happened in training; its result is stored. */
  static Value spectral(LayerContext c) {
    return read(c, wrapped(c.layer(), c.layer().name()), c.input());
  }

  /** The same layer on every step of axis 0. */
  static Value timeDistributed(LayerContext c) {
    LayerConfig whole = wrapped(c.layer(), c.layer().name());
    if (STEPWISE.contains(whole.className())) {
      return read(c, whole, c.input());
    }
    Node in = c.plainInput();
    int steps = in.shape().dim(0);
    if (in.shape().rank() < 2 || steps > MOST_STEPS) {
      throw new UnsupportedModelException(
          "Cannot import %s: layer '%s' (TimeDistributed) of %s over %d steps, at most %d are laid out"
              .formatted(c.config().file(), c.name(), whole.className(), steps, MOST_STEPS));
    }
    LayerConfig one = wrapped(c.layer(), "step_" + c.layer().name());
    LayerWeights weights = c.weights().of(one);
    Node[] results = new Node[steps];
    for (int step = 0; step < steps; step++) {
      Node slice = c.nodes().slice("step", in, 0, step, 1);
      int[] dims = Arrays.copyOfRange(in.shape().dims(), 1, in.shape().rank());
      Value alone = new Value(c.nodes().reshape("alone", slice, dims), false);
      Value result = read(c, one, alone, weights);
      Node plain = c.graph().kerasOrder(result);
      Shape row = Shape.of(concat(1, plain.shape().dims()));
      results[step] = c.nodes().reshape("result", plain, row);
    }
    return c.graph().add(c.name(), new Op.Concat(0), false, false, results);
  }

  private static int[] concat(int first, int[] rest) {
    int[] all = new int[rest.length + 1];
    all[0] = first;
    System.arraycopy(rest, 0, all, 1, rest.length);
    return all;
  }

  private static Value read(LayerContext c, LayerConfig layer, Value in) {
    return read(c, layer, in, c.weights().of(layer));
  }

  private static Value read(LayerContext c, LayerConfig layer, Value in, LayerWeights weights) {
    LayerCall plain = new LayerCall(List.of(), Map.of());
    return LayerTable.reader(layer)
        .read(new LayerContext(layer, plain, List.of(in), weights, c.graph()));
  }
}
