package org.deepliftspark.engine.importer.onnx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.importer.ModelSource;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/** A parsed file: nodes that the outputs depend on, each after the nodes it reads. */
final class OnnxModel {
  /** Opset 7 brought NumPy's broadcasting; newer ones than 21 have not been looked at. */
  static final long OLDEST_OPSET = 7;

  static final long NEWEST_OPSET = 21;

  private final ModelSource source;
  private final String name;
  private final int opset;
  private final Map<String, TensorProto> initializers;
  private final List<ValueInfoProto> inputs;
  private final List<String> outputs;
  private List<OnnxNode> nodes;

  private OnnxModel(ModelSource source, GraphProto graph, int opset) {
    this.source = source;
    this.name = graph.getName().isEmpty() ? source.name() : graph.getName();
    this.opset = opset;
    this.initializers = initializers(graph);
    // Files of IR version 3 and before list initializers among the inputs.
    this.inputs =
        graph.getInputList().stream()
            .filter(input -> !initializers.containsKey(input.getName()))
            .toList();
    this.outputs = graph.getOutputList().stream().map(ValueInfoProto::getName).toList();
    this.nodes = nodesOf(graph);
  }

  /**
   * @throws ModelFormatException if the bytes are no ONNX model, or nodes read what nothing
   *     computes
   * @throws UnsupportedModelException if the opset is too old or too new
   */
  static OnnxModel parse(ModelSource source) {
    ModelProto proto = protoOf(source);
    if (!proto.hasGraph() || proto.getGraph().getOutputCount() == 0) {
      throw new ModelFormatException(
          "Cannot read " + source.name() + ": it holds no ONNX graph with an output");
    }
    OnnxModel model = new OnnxModel(source, proto.getGraph(), opset(source, proto));
    model.replaceNodes(model.nodes);
    return model;
  }

  private static ModelProto protoOf(ModelSource source) {
    try {
      // Wrapping lets weights stay where they are instead of being copied out of the file's bytes.
      CodedInputStream stream = UnsafeByteOperations.unsafeWrap(source.bytes()).newCodedInput();
      stream.enableAliasing(true);
      return ModelProto.parseFrom(stream);
    } catch (IOException e) {
      throw new ModelFormatException(
          "Cannot read " + source.name() + ": it is truncated or not an ONNX model", e);
    }
  }

  private static int opset(ModelSource source, ModelProto proto) {
    for (OperatorSetIdProto opset : proto.getOpsetImportList()) {
      if (isStandard(opset.getDomain())) {
        if (opset.getVersion() < OLDEST_OPSET || opset.getVersion() > NEWEST_OPSET) {
          throw new UnsupportedModelException(
              "Cannot import "
                  + source.name()
                  + ": it uses opset "
                  + opset.getVersion()
                  + ", supported are "
                  + OLDEST_OPSET
                  + " to "
                  + NEWEST_OPSET
                  + ". Export it again with opset 17, or use onnx.version_converter");
        }
        return (int) opset.getVersion();
      }
    }
    throw new ModelFormatException("Cannot read " + source.name() + ": it names no opset");
  }

  private static boolean isStandard(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  private Map<String, TensorProto> initializers(GraphProto graph) {
    if (graph.getSparseInitializerCount() > 0) {
      throw new UnsupportedModelException(
          "Cannot import "
              + file()
              + ": it has sparse initializers, such as '"
              + graph.getSparseInitializer(0).getValues().getName()
              + "'. Save its weights as dense tensors");
    }
    Map<String, TensorProto> result = new LinkedHashMap<>();
    for (TensorProto tensor : graph.getInitializerList()) {
      result.put(tensor.getName(), tensor);
    }
    return result;
  }

  private static List<OnnxNode> nodesOf(GraphProto graph) {
    Map<String, Integer> uses = new HashMap<>();
    for (NodeProto node : graph.getNodeList()) {
      uses.merge(node.getName(), 1, Integer::sum);
    }
    List<OnnxNode> result = new ArrayList<>();
    for (NodeProto node : graph.getNodeList()) {
      Map<String, AttributeProto> attributes = new HashMap<>();
      for (AttributeProto attribute : node.getAttributeList()) {
        attributes.put(attribute.getName(), attribute);
      }
      boolean named = !node.getName().isEmpty() && uses.get(node.getName()) == 1;
      String output = node.getOutputCount() == 0 ? node.getOpType() : node.getOutput(0);
      result.add(
          new OnnxNode(
              named ? node.getName() : output,
              node.getOpType(),
              isStandard(node.getDomain()) ? "" : node.getDomain(),
              List.copyOf(node.getInputList()),
              List.copyOf(node.getOutputList()),
              attributes));
    }
    return result;
  }

  String file() {
    return source.name();
  }

  ModelSource source() {
    return source;
  }

  String name() {
    return name;
  }

  int opset() {
    return opset;
  }

  Map<String, TensorProto> initializers() {
    return initializers;
  }

  /** Inputs that are no initializers. */
  List<ValueInfoProto> inputs() {
    return inputs;
  }

  List<String> outputs() {
    return outputs;
  }

  List<OnnxNode> nodes() {
    return nodes;
  }

  /** The node that computes each tensor. */
  Map<String, OnnxNode> producers() {
    Map<String, OnnxNode> result = new HashMap<>();
    for (OnnxNode node : nodes) {
      for (String output : node.outputs()) {
        if (!output.isEmpty() && result.put(output, node) != null) {
          throw new ModelFormatException(
              "Invalid node "
                  + node.label()
                  + " in "
                  + file()
                  + ": its output '"
                  + output
                  + "' is computed twice");
        }
      }
    }
    return result;
  }

  /** How many nodes read each tensor; a graph output counts as one more. */
  Map<String, Integer> uses() {
    Map<String, Integer> result = new HashMap<>();
    for (OnnxNode node : nodes) {
      for (String input : node.inputs()) {
        result.merge(input, 1, Integer::sum);
      }
    }
    for (String output : outputs) {
      result.merge(output, 1, Integer::sum);
    }
    return result;
  }

  /** Takes other nodes, drops those that no output depends on, and puts the rest in order. */
  void replaceNodes(List<OnnxNode> replacement) {
    nodes = replacement;
    Set<String> known = new HashSet<>(initializers.keySet());
    inputs.forEach(input -> known.add(input.getName()));
    nodes = TopologicalOrder.of(file(), outputs, producers(), known);
  }
}
