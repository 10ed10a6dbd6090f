package org.deepliftspark.engine.importer.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.importer.ModelSource;

/** Walks over the nodes of a file in order, folds what is constant and maps the rest. Used once. */
final class GraphMapper {
  private final OnnxModel model;
  private final ConstantPool constants;
  private final OnnxInputs inputs;
  private final GraphBuilder graph;
  private final Map<String, Integer> uses;
  private final Set<String> nodeNames = new HashSet<>();
  private final Map<String, Node> computed = new HashMap<>();
  private final Map<Integer, BatchAxis> batches = new HashMap<>();
  private final Set<String> failed = new HashSet<>();
  private final List<String> unsupported = new ArrayList<>();

  GraphMapper(OnnxModel model, ConstantPool constants, ModelSource source) {
    this.model = model;
    this.constants = constants;
    this.inputs = OnnxInputs.of(model);
    this.graph = new GraphBuilder(model.name());
    this.uses = model.uses();
    model.nodes().forEach(node -> nodeNames.add(node.name()));
    for (OnnxInputs.Input input : inputs.inputs()) {
      computed.put(
          input.name(),
          addInput(input, new OnnxLayout(model, constants).channelsFirst(input, source)));
    }
  }

  private Node addInput(OnnxInputs.Input input, boolean channelsFirst) {
    if (!channelsFirst) {
      return graph.input(input.name(), input.shape());
    }
    int rank = input.shape().rank();
    int[] toLast = new int[rank];
    int[] toFirst = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      toLast[axis] = (axis + 1) % rank;
      toFirst[axis] = (axis + rank - 1) % rank;
    }
    Node last = graph.input(input.name(), input.shape().permuted(toLast), true);
    return graph.add(input.name() + "/channels_first", new Op.Transpose(toFirst), true, last);
  }

  Graph map() {
    model.nodes().forEach(this::step);
    if (!unsupported.isEmpty()) {
      throw new UnsupportedModelException(
          "Cannot import "
              + model.file()
              + ": "
              + (unsupported.size() == 1 ? "1 node has" : unsupported.size() + " nodes have")
              + " no DeepLIFT rule: "
              + String.join(", ", unsupported)
              + ". Supported: "
              + String.join(", ", NodeMappers.opTypes()));
    }
    for (String output : model.outputs()) {
      Node node = computed.get(output);
      if (node == null) {
        throw new UnsupportedModelException(
            "Cannot import "
                + model.file()
                + ": its output '"
                + output
                + "' does not depend on an input");
      }
      if (!batchOf(node).isFront()) {
        throw new UnsupportedModelException(
            "Cannot import "
                + model.file()
                + ": the batch axis of its output '"
                + output
                + "' "
                + batchOf(node).describe());
      }
      graph.output(output, node);
    }
    return graph.build();
  }

  private void step(OnnxNode node) {
    NodeMapper mapper = NodeMappers.find(node);
    if (node.inputs().stream().anyMatch(failed::contains)) {
      fail(node, mapper == null && !constants.canFold(node) ? NodeMappers.refusal(node) : null);
      return;
    }
    if (node.outputs().stream().anyMatch(constants::contains)) {
      return;
    }
    try {
      if (constants.isFoldable(node)) {
        constants.fold(node);
      } else if (!foldShape(node)) {
        keep(node, mapper);
      }
    } catch (UnsupportedNode e) {
      fail(node, "'" + node.name() + "' (" + node.typeLabel() + ": " + e.getMessage() + ")");
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new ModelFormatException(
          "Invalid node " + node.label() + " in " + model.file() + ": " + e.getMessage(), e);
    }
  }

  private void fail(OnnxNode node, String report) {
    failed.addAll(node.outputs());
    failed.remove("");
    if (report != null) {
      unsupported.add(report);
    }
  }

  /** The shape of what the model computes is known, but for the batch size. */
  private boolean foldShape(OnnxNode node) {
    boolean isShape = node.domain().isEmpty() && node.opType().equals("Shape");
    boolean isSize = node.domain().isEmpty() && node.opType().equals("Size");
    if (!isShape && !isSize || node.inputs().size() != 1 || node.outputs().isEmpty()) {
      return false;
    }
    Node of = computed.get(node.inputs().get(0));
    Shape shape = of.shape();
    BatchAxis batch = batchOf(of);
    long[] dims = new long[isShape ? batch.fileRank(shape) : 1];
    byte[] powers = new byte[dims.length];
    powers[isShape ? batch.position() : 0] = 1;
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] = isShape ? batch.length(axis, shape) : shape.size();
    }
    constants.put(
        node.outputs().get(0),
        isShape
            ? ConstantShapes.shape(node, OnnxArray.ofBatchMultiples(dims, powers, dims.length))
            : OnnxArray.ofBatchMultiples(dims, powers));
    return true;
  }

  private void keep(OnnxNode node, NodeMapper mapper) {
    if (mapper == null) {
      fail(node, NodeMappers.refusal(node));
      return;
    }
    List<OnnxValue> values = new ArrayList<>();
    for (String input : node.inputs()) {
      values.add(input.isEmpty() ? null : valueOf(input));
    }
    NodeCall call = new NodeCall(node, model.opset(), values, batches, inputs.fixedBatch(), graph);
    BatchAxis batch = call.batch();
    if (!batch.isFront() && !NodeMappers.takesAnyBatch(node)) {
      throw new UnsupportedNode("the batch axis of its input " + batch.describe());
    }
    List<Node> results = mapper.map(call);
    if (!batch.isFront()) {
      results.forEach(result -> batches.putIfAbsent(result.id(), batch));
    }
    for (int i = 0; i < node.outputs().size(); i++) {
      String output = node.outputs().get(i);
      if (i < results.size()) {
        computed.put(output, results.get(i));
        if (!nodeNames.contains(output)) {
          graph.alias(output, results.get(i));
        }
      } else if (uses.containsKey(output) && !output.isEmpty()) {
        throw new UnsupportedNode("its output '" + output + "' is used");
      }
    }
    if (results.size() == 1) {
      graph.alias(node.name(), results.get(0));
    }
  }

  private BatchAxis batchOf(Node node) {
    return batches.getOrDefault(node.id(), BatchAxis.FRONT);
  }

  private OnnxValue valueOf(String tensor) {
    Node node = computed.get(tensor);
    return node == null ? constants.find(tensor) : new OnnxValue.Computed(node);
  }
}
