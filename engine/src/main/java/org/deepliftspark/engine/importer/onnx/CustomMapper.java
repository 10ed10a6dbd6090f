package org.deepliftspark.engine.importer.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.AttributeProto;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.importer.CustomLayer;
import org.deepliftspark.engine.importer.LayerMapper;
import org.deepliftspark.engine.importer.LayerMapper.Format;
import org.deepliftspark.engine.importer.LayerMappers;

/** Operators that users read by a {@link LayerMapper}. */
final class CustomMapper {
  private CustomMapper() {}

  /** The mapper of an operator that is not in the table, or null. */
  static NodeMapper find(OnnxNode node) {
    LayerMapper mapper = LayerMappers.find(Format.ONNX, node.typeLabel());
    return mapper == null ? null : NodeMapper.single(call -> map(call, mapper));
  }

  private static Node map(NodeCall call, LayerMapper mapper) {
    List<Node> inputs = new ArrayList<>();
    List<Tensor> weights = new ArrayList<>();
    for (int input = 0; input < call.inputs().size(); input++) {
      if (call.isConstant(input)) {
        weights.add(call.constant(input, "weight").tensor());
      } else if (call.has(input)) {
        inputs.add(call.computed(input));
      }
    }
    Map<String, Object> settings = new LinkedHashMap<>();
    call.node().attributes().forEach((key, value) -> put(settings, key, value));
    return mapper.map(new CustomLayer(call.nodes(), inputs, weights, settings));
  }

  private static void put(Map<String, Object> settings, String key, AttributeProto value) {
    switch (value.getType()) {
      case INT -> settings.put(key, value.getI());
      case FLOAT -> settings.put(key, (double) value.getF());
      case STRING -> settings.put(key, value.getS().toStringUtf8());
      case INTS -> settings.put(key, List.copyOf(value.getIntsList()));
      case FLOATS ->
          settings.put(key, value.getFloatsList().stream().map(Float::doubleValue).toList());
      default -> {
        // tensors and graphs are no settings
      }
    }
  }
}
