package org.deepliftspark.engine.importer.keras;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.importer.CustomLayer;
import org.deepliftspark.engine.importer.LayerMapper;
import org.deepliftspark.engine.importer.LayerMapper.Format;
import org.deepliftspark.engine.importer.LayerMappers;

/** Layers that users read by a {@link LayerMapper}. */
final class CustomLayers {
  private static final ObjectMapper JSON = new ObjectMapper();

  private CustomLayers() {}

  /** The reader of a layer that Keras itself does not have, or null. */
  static LayerReader find(LayerConfig layer) {
    LayerMapper mapper = LayerMappers.find(Format.KERAS, layer.className());
    return mapper == null ? null : c -> read(c, mapper);
  }

  private static Value read(LayerContext c, LayerMapper mapper) {
    List<Node> inputs = c.inputs().stream().map(c.graph()::kerasOrder).toList();
    List<Tensor> weights = new ArrayList<>();
    for (int k = 0; k < c.weights().count(); k++) {
      int index = k;
      String name = "weight " + k;
      weights.add(c.weights().once(name, () -> c.weights().read(index, name)));
    }
    Map<String, Object> settings = c.config().settings(JSON);
    Node result = mapper.map(new CustomLayer(c.nodes(), inputs, weights, settings));
    return new Value(result, false);
  }
}
