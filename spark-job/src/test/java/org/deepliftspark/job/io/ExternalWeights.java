package org.deepliftspark.job.io;

import onnx.Onnx;

/** An ONNX model whose two weights, little-endian floats, lie in a file beside it. */
public final class ExternalWeights {
  /** Name of the weights' file. */
  public static final String FILE = "w.bin";

  private ExternalWeights() {}

  private static Onnx.ValueInfoProto value(String name, int length) {
    Onnx.TensorShapeProto.Builder shape = Onnx.TensorShapeProto.newBuilder();
    shape.addDim(Onnx.TensorShapeProto.Dimension.newBuilder().setDimParam("batch"));
    shape.addDim(Onnx.TensorShapeProto.Dimension.newBuilder().setDimValue(length));
    Onnx.TypeProto.Tensor.Builder tensor =
        Onnx.TypeProto.Tensor.newBuilder()
            .setElemType(Onnx.TensorProto.DataType.FLOAT_VALUE)
            .setShape(shape);
    return Onnx.ValueInfoProto.newBuilder()
        .setName(name)
        .setType(Onnx.TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static Onnx.StringStringEntryProto location(String file) {
    return Onnx.StringStringEntryProto.newBuilder().setKey("location").setValue(file).build();
  }

  /** What that file holds: 1 and 2. */
  public static byte[] weights() {
    return new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40};
  }

  /** A dense layer from two inputs, called {@code y}. */
  public static byte[] model() {
    Onnx.TensorProto weights =
        Onnx.TensorProto.newBuilder()
            .setName("w")
            .setDataType(Onnx.TensorProto.DataType.FLOAT_VALUE)
            .addDims(2)
            .addDims(1)
            .setDataLocation(Onnx.TensorProto.DataLocation.EXTERNAL)
            .addExternalData(location(FILE))
            .build();
    Onnx.NodeProto node =
        Onnx.NodeProto.newBuilder()
            .setOpType("MatMul")
            .addInput("x")
            .addInput("w")
            .addOutput("y")
            .build();
    return Onnx.ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(
            Onnx.GraphProto.newBuilder()
                .addInput(value("x", 2))
                .addOutput(value("y", 1))
                .addInitializer(weights)
                .addNode(node))
        .build()
        .toByteArray();
  }
}
