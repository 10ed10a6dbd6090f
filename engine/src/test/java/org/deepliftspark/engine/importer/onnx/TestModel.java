package org.deepliftspark.engine.importer.onnx;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.AttributeProto.AttributeType;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.importer.ModelSource;
import org.nd4j.shade.protobuf.ByteString;

/** Writes small ONNX files, also such that no exporter would write. */
final class TestModel {
  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private long opset = 13;

  /**
   * A model with the input {@code x} of the given shape without batch axis, and the output {@code
   * y}.
   */
  static TestModel of(long... shape) {
    return new TestModel().input("x", shape).output("y");
  }

  TestModel opset(long version) {
    opset = version;
    return this;
  }

  /** Adds an input with an open batch axis; -1 is a length that is left open. */
  TestModel input(String name, long... shape) {
    return input(name, 1, "N", shape);
  }

  TestModel input(String name, int elementType, String batch, long... shape) {
    TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
    TensorShapeProto.Dimension.Builder first = TensorShapeProto.Dimension.newBuilder();
    dims.addDim(
        batch.matches("[0-9]+")
            ? first.setDimValue(Long.parseLong(batch))
            : first.setDimParam(batch));
    for (long dim : shape) {
      TensorShapeProto.Dimension.Builder one = TensorShapeProto.Dimension.newBuilder();
      dims.addDim(dim < 0 ? one.setDimParam("length") : one.setDimValue(dim));
    }
    TypeProto.Tensor type =
        TypeProto.Tensor.newBuilder().setElemType(elementType).setShape(dims).build();
    graph.addInput(
        ValueInfoProto.newBuilder()
            .setName(name)
            .setType(TypeProto.newBuilder().setTensorType(type)));
    return this;
  }

  TestModel output(String name) {
    graph.addOutput(ValueInfoProto.newBuilder().setName(name));
    return this;
  }

  /** Adds a node; {@code inputs} and {@code outputs} are separated by blanks. */
  TestModel node(
      String name, String opType, String inputs, String outputs, AttributeProto... attributes) {
    NodeProto.Builder node = NodeProto.newBuilder().setName(name).setOpType(opType);
    node.addAllInput(List.of(inputs.split(" "))).addAllOutput(List.of(outputs.split(" ")));
    graph.addNode(node.addAllAttribute(Arrays.asList(attributes)));
    return this;
  }

  /** Adds a node of a domain of its own. */
  TestModel node(
      String name,
      String domain,
      String opType,
      String inputs,
      String outputs,
      AttributeProto... attributes) {
    node(name, opType, inputs, outputs, attributes);
    graph.getNodeBuilder(graph.getNodeCount() - 1).setDomain(domain);
    return this;
  }

  /** Adds a float tensor of zeros. */
  TestModel zeros(String name, long... dims) {
    int size = Math.toIntExact(LongStream.of(dims).reduce(1, (a, b) -> a * b));
    return tensor(float32(name, dims).setRawData(ByteString.copyFrom(new byte[4 * size])));
  }

  TestModel integers(String name, long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(7).addDims(values.length);
    LongStream.of(values).forEach(tensor::addInt64Data);
    return tensor(tensor);
  }

  TestModel tensor(TensorProto.Builder tensor) {
    graph.addInitializer(tensor);
    return this;
  }

  static TensorProto.Builder float32(String name, long... dims) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(1);
    LongStream.of(dims).forEach(tensor::addDims);
    return tensor;
  }

  /** Adds a float tensor that lies in another file. */
  TestModel external(String name, Map<String, String> entries, long... dims) {
    TensorProto.Builder tensor =
        float32(name, dims).setDataLocation(TensorProto.DataLocation.EXTERNAL);
    entries.forEach(
        (key, value) ->
            tensor.addExternalData(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return tensor(tensor);
  }

  static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  static AttributeProto attribute(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  static AttributeProto attribute(String name, long[] values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    LongStream.of(values).forEach(attribute::addInts);
    return attribute.build();
  }

  byte[] bytes() {
    ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8).setGraph(graph);
    return model
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .build()
        .toByteArray();
  }

  Graph read() {
    return new OnnxImporter().read(ModelSource.of("model.onnx", bytes()));
  }

  Graph read(Path folder) {
    return new OnnxImporter().read(new ModelSource("model.onnx", bytes(), null, folder, Map.of()));
  }
}
