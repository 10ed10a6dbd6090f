package org.deepliftspark.job.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import onnx.Onnx;
import org.apache.hadoop.conf.Configuration;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.importer.Models;
import org.deepliftspark.job.Hashes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  @TempDir Path folder;

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

  /** A dense layer whose two weights lie in another file. */
  private static byte[] dense() {
    Onnx.TensorProto weights =
        Onnx.TensorProto.newBuilder()
            .setName("w")
            .setDataType(Onnx.TensorProto.DataType.FLOAT_VALUE)
            .addDims(2)
            .addDims(1)
            .setDataLocation(Onnx.TensorProto.DataLocation.EXTERNAL)
            .addExternalData(location("w.bin"))
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

  private ModelFile read(Path model) {
    HadoopFiles hadoop = new HadoopFiles(new Configuration());
    return ModelFile.read(hadoop, model.toString(), null, Map.of(), Map.of());
  }

  @Test
  void theHashIsOfAllFilesThatHoldWeights() throws Exception {
    Path model = Files.write(folder.resolve("m.onnx"), dense());
    byte[] weights = {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40};
    Files.write(folder.resolve("w.bin"), weights);
    ModelFile file = read(model);
    assertThat(((Op.Dense) Models.read(file.source()).find("y").op()).weight().data())
        .containsExactly(1, 2);
    assertThat(file.sha256()).isEqualTo(Hashes.sha256(dense(), weights));
    weights[7] = 0x41;
    Files.write(folder.resolve("w.bin"), weights);
    assertThat(read(model).sha256()).isNotEqualTo(file.sha256());
  }
}
