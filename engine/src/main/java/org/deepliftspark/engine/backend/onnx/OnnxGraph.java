package org.deepliftspark.engine.backend.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Tensor;
import org.nd4j.shade.protobuf.ByteString;

/**
 * Writes an ONNX graph node by node. Equal constants are stored once. Not safe for several threads.
 */
final class OnnxGraph {
  /** 16 is the first with ScatterElements(add); 18 moves the axes of ReduceMean to an input. */
  private static final int OPSET = 17;

  private static final int IR_VERSION = 8;

  /** Protobuf ends at 2 GiB; the rest is for nodes and names. */
  private static final long MOST_BYTES = 2_000_000_000;

  private final Onnx.GraphProto.Builder graph = Onnx.GraphProto.newBuilder().setName("deeplift");
  private final Map<Tensor, String> weights = new IdentityHashMap<>();
  private final Map<String, String> constants = new HashMap<>();
  private final long mostBytes;
  private long constantBytes;
  private int count;

  OnnxGraph() {
    this(MOST_BYTES);
  }

  /**
   * @param mostBytes of constants
   */
  OnnxGraph(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Adds a node with one output and returns that output's name. */
  String node(String op, List<String> inputs, Attribute... attributes) {
    return node(op, inputs, 1, attributes).get(0);
  }

  /** Adds a node with several outputs and returns their names. */
  List<String> node(String op, List<String> inputs, int outputs, Attribute... attributes) {
    Onnx.NodeProto.Builder node = Onnx.NodeProto.newBuilder().setOpType(op).addAllInput(inputs);
    for (int i = 0; i < outputs; i++) {
      node.addOutput("t" + count++);
    }
    for (Attribute attribute : attributes) {
      node.addAttribute(attribute.proto());
    }
    graph.addNode(node);
    return List.copyOf(node.getOutputList());
  }

  /** Gives a value a name of its own, for outputs. */
  void rename(String from, String to) {
    graph.addNode(Onnx.NodeProto.newBuilder().setOpType("Identity").addInput(from).addOutput(to));
  }

  /** Declares an input and returns its name; -1 stands for a length that is chosen per call. */
  String input(String name, int[] dims) {
    graph.addInput(valueInfo(name, dims));
    return name;
  }

  void output(String name, int[] dims) {
    graph.addOutput(valueInfo(name, dims));
  }

  /** An initializer; the same tensor is stored once. */
  String tensor(Tensor tensor) {
    return weights.computeIfAbsent(tensor, t -> floats(t.data(), t.shape().dims()));
  }

  /** An initializer with other dimensions than a tensor's. */
  String floats(float[] data, int... dims) {
    constantBytes += (long) data.length * Float.BYTES;
    if (constantBytes > mostBytes) {
      throw new InvalidInputException(
          "Cannot write the model as ONNX: its weights, forward and backward, take more than "
              + mostBytes / 1_000_000
              + " MB, the most that one ONNX file holds");
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(data.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(data);
    return initializer(Onnx.TensorProto.DataType.FLOAT, ByteString.copyFrom(bytes), dims);
  }

  String scalar(double number) {
    return constants.computeIfAbsent("f" + number, key -> floats(new float[] {(float) number}));
  }

  /** An initializer of one dimension, of 64-bit integers. */
  String longs(long... numbers) {
    return constants.computeIfAbsent(
        "i" + Arrays.toString(numbers),
        key -> {
          ByteBuffer bytes =
              ByteBuffer.allocate(numbers.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          bytes.asLongBuffer().put(numbers);
          return initializer(
              Onnx.TensorProto.DataType.INT64, ByteString.copyFrom(bytes), numbers.length);
        });
  }

  byte[] build() {
    return build(Map.of());
  }

  /**
   * @param properties what the file says about itself, by key
   */
  byte[] build(Map<String, String> properties) {
    Onnx.ModelProto.Builder model =
        Onnx.ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("deeplift-spark")
            .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
            .setGraph(graph);
    properties.forEach(
        (key, value) ->
            model.addMetadataProps(
                Onnx.StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build().toByteArray();
  }

  private String initializer(Onnx.TensorProto.DataType type, ByteString bytes, int... dims) {
    String name = "c" + count++;
    Onnx.TensorProto.Builder tensor =
        Onnx.TensorProto.newBuilder().setName(name).setDataType(type.getNumber()).setRawData(bytes);
    for (int dim : dims) {
      tensor.addDims(dim);
    }
    graph.addInitializer(tensor);
    return name;
  }

  private static Onnx.ValueInfoProto valueInfo(String name, int[] dims) {
    Onnx.TensorShapeProto.Builder shape = Onnx.TensorShapeProto.newBuilder();
    for (int dim : dims) {
      Onnx.TensorShapeProto.Dimension.Builder dimension =
          Onnx.TensorShapeProto.Dimension.newBuilder();
      shape.addDim(dim < 0 ? dimension.setDimParam("n") : dimension.setDimValue(dim));
    }
    Onnx.TypeProto.Tensor.Builder type =
        Onnx.TypeProto.Tensor.newBuilder()
            .setElemType(Onnx.TensorProto.DataType.FLOAT.getNumber())
            .setShape(shape);
    return Onnx.ValueInfoProto.newBuilder()
        .setName(name)
        .setType(Onnx.TypeProto.newBuilder().setTensorType(type))
        .build();
  }

  /** An attribute of a node. */
  record Attribute(Onnx.AttributeProto proto) {
    static Attribute of(String name, long number) {
      return new Attribute(
          Onnx.AttributeProto.newBuilder()
              .setName(name)
              .setType(Onnx.AttributeProto.AttributeType.INT)
              .setI(number)
              .build());
    }

    static Attribute of(String name, int... numbers) {
      Onnx.AttributeProto.Builder proto =
          Onnx.AttributeProto.newBuilder()
              .setName(name)
              .setType(Onnx.AttributeProto.AttributeType.INTS);
      for (int number : numbers) {
        proto.addInts(number);
      }
      return new Attribute(proto.build());
    }

    static Attribute of(String name, String text) {
      return new Attribute(
          Onnx.AttributeProto.newBuilder()
              .setName(name)
              .setType(Onnx.AttributeProto.AttributeType.STRING)
              .setS(ByteString.copyFromUtf8(text))
              .build());
    }
  }
}
