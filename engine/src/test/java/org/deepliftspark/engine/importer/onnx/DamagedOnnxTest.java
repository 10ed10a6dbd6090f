package org.deepliftspark.engine.importer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.deepliftspark.engine.importer.onnx.TestModel.attribute;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import onnx.Onnx.TensorProto;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deepliftspark.engine.DeepLiftException;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.Models;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.protobuf.ByteString;

/**
 * Files that are no models, or damaged or hostile ones: each ends in one line that says what is
 * wrong.
 */
class DamagedOnnxTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/onnx");

  private static void assertDamaged(ThrowingCallable reading, String message) {
    assertThatThrownBy(reading).isInstanceOf(ModelFormatException.class).hasMessage(message);
  }

  private static void assertDamaged(byte[] bytes, String message) {
    assertDamaged(() -> new OnnxImporter().read(ModelSource.of("model.onnx", bytes)), message);
  }

  @Test
  void aTruncatedFileIsNamedAsSuch() throws IOException {
    byte[] whole = Files.readAllBytes(FOLDER.resolve("conv_2d.onnx"));
    for (int length : new int[] {whole.length - 1, whole.length / 2, 40, 10}) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Models.read(ModelSource.of("model.onnx", part)))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageStartingWith("Cannot read model.onnx: it ");
    }
    assertDamaged(
        Arrays.copyOf(whole, whole.length / 2),
        "Cannot read model.onnx: it is truncated or not an ONNX model");
  }

  @Test
  void aFileOfAnotherKindIsNamedAsSuch() {
    assertDamaged(
        "no model at all".getBytes(StandardCharsets.US_ASCII),
        "Cannot read model.onnx: it is truncated or not an ONNX model");
    assertDamaged(new byte[0], "Cannot read model.onnx: it holds no ONNX graph with an output");
  }

  @Test
  void anOnnxModelIsKnownByItsFirstBytes() throws IOException {
    byte[] bytes = Files.readAllBytes(FOLDER.resolve("conv_2d.onnx"));
    assertThat(Models.read(ModelSource.of("model", bytes)).inputs()).hasSize(1);
    assertThat(
            new OnnxImporter()
                .accepts(ModelSource.of("model.h5", new byte[] {(byte) 0x89, 'H', 'D', 'F'})))
        .isFalse();
  }

  @Test
  void aGraphThatReadsItselfIsDamaged() {
    TestModel model =
        TestModel.of(4)
            .node("a", "Add", "x c", "b")
            .node("b", "Relu", "b", "y")
            .node("c", "Relu", "y", "c");
    assertDamaged(
        model::read, "Invalid node 'b' (Relu) in model.onnx: it depends on its own output");
  }

  @Test
  void aMissingTensorIsNamed() {
    assertDamaged(
        TestModel.of(4).node("fc", "Gemm", "x w", "y")::read,
        "Invalid node 'fc' (Gemm) in model.onnx: its input 'w' is neither an input, an initializer nor computed by a node");
    assertDamaged(
        TestModel.of(4).node("act", "Relu", "x", "z")::read,
        "Invalid graph in model.onnx: no node computes its output 'y'");
    assertDamaged(
        TestModel.of(4).node("a", "Relu", "x", "y").node("b", "Tanh", "x", "y")::read,
        "Invalid node 'b' (Tanh) in model.onnx: its output 'y' is computed twice");
  }

  @Test
  void aGraphWithoutInputsIsNamed() {
    assertDamaged(
        new TestModel().output("y").zeros("w", 2).node("act", "Relu", "w", "y")::read,
        "Cannot read model.onnx: its graph has no input");
  }

  @Test
  void weightsThatDoNotFitAreNamedWithTheirShape() {
    assertDamaged(
        TestModel.of(3, 200).zeros("w", 64, 4, 21).node("/conv/Conv", "Conv", "x w", "y")::read,
        "Invalid node '/conv/Conv' (Conv) in model.onnx: kernel [64, 4, 21] does not fit input [3, 200]");
    assertDamaged(
        TestModel.of(3, 20).zeros("w", 6, 3, 21).node("c", "Conv", "x w", "y")::read,
        "Invalid node 'c' (Conv) in model.onnx: kernel [6, 3, 21] does not fit input [3, 20]");
    assertDamaged(
        TestModel.of(3, 20).zeros("w", 6, 3, 5).zeros("b", 5).node("c", "Conv", "x w b", "y")::read,
        "Invalid node 'c' (Conv) in model.onnx: bias [5] does not fit 6 channels");
    assertDamaged(
        TestModel.of(5).zeros("w", 6, 3).node("fc", "Gemm", "x w", "y")::read,
        "Invalid node 'fc' (Gemm) in model.onnx: weight [6, 3] does not fit input [5]");
    assertDamaged(
        TestModel.of(5).zeros("w", 6, 3).node("fc", "MatMul", "x w", "y")::read,
        "Invalid node 'fc' (MatMul) in model.onnx: weight [6, 3] does not fit input [5]");
    assertDamaged(
        TestModel.of(6).integers("s", 0, 4, -1).node("r", "Reshape", "x s", "y")::read,
        "Invalid node 'r' (Reshape) in model.onnx: cannot reshape [6] to [0, 4, -1]");
    assertDamaged(
        TestModel.of(4, 8).node("p", "MaxPool", "x", "y", attribute("kernel_shape", new long[] {9}))
            ::read,
        "Invalid node 'p' (MaxPool) in model.onnx: pooling window [9] does not fit input [4, 8]");
  }

  @Test
  void attributesThatDoNotFitAreNamed() {
    assertDamaged(
        TestModel.of(6).node("f", "Flatten", "x", "y", attribute("axis", "1"))::read,
        "Invalid node 'f' (Flatten) in model.onnx: attribute 'axis' must have type INT, found STRING");
    assertDamaged(
        TestModel.of(6).node("f", "Flatten", "x", "y", attribute("axis", 5))::read,
        "Invalid node 'f' (Flatten) in model.onnx: axis 5 does not fit 2 axes");
    assertDamaged(
        TestModel.of(4, 8)
                .node(
                    "p",
                    "MaxPool",
                    "x",
                    "y",
                    attribute("kernel_shape", new long[] {2}),
                    attribute("strides", new long[] {0}))
            ::read,
        "Invalid node 'p' (MaxPool) in model.onnx: strides must be 1 numbers of at least 1, found [0]");
    assertDamaged(
        TestModel.of(4, 8)
                .zeros("w", 2, 4, 3)
                .node(
                    "c", "Conv", "x w", "y", attribute("dilations", new long[] {Integer.MAX_VALUE}))
            ::read,
        "Invalid node 'c' (Conv) in model.onnx: dilations must be 1 numbers of at least 1, found [2147483647]");
  }

  @Test
  void aTensorIsComparedWithItsBytesBeforeItIsRead() {
    TensorProto.Builder raw =
        TestModel.float32("w", 64, 4, 21).setRawData(ByteString.copyFrom(new byte[100]));
    assertDamaged(
        TestModel.of(4, 200).tensor(raw).node("c", "Conv", "x w", "y")::read,
        "Invalid tensor 'w' in model.onnx: shape [64, 4, 21] of float needs 21504 bytes, found 100");
    TensorProto.Builder typed = TestModel.float32("w", 2, 3).addFloatData(1);
    assertDamaged(
        TestModel.of(2).tensor(typed).node("m", "MatMul", "x w", "y")::read,
        "Invalid tensor 'w' in model.onnx: shape [2, 3] of float needs 6 numbers, found 1");
  }

  @Test
  void absurdSizesAllocateNothing() {
    assertDamaged(
        TestModel.of(2)
                .tensor(TestModel.float32("w", 1 << 20, 1 << 20))
                .node("m", "MatMul", "x w", "y")
            ::read,
        "Invalid tensor 'w' in model.onnx: has more than 2^31 - 1 elements: shape [1048576, 1048576]");
    assertDamaged(
        TestModel.of(2).tensor(TestModel.float32("w", 2, 1 << 29)).node("m", "MatMul", "x w", "y")
            ::read,
        "Invalid tensor 'w' in model.onnx: shape [2, 536870912] of float needs 1073741824 numbers, found 0");
    assertDamaged(
        TestModel.of(2)
                .integers("s", 2, 1 << 29)
                .node("z", "ConstantOfShape", "s", "w")
                .node("m", "MatMul", "x w", "y")
            ::read,
        "Invalid node 'z' (ConstantOfShape) in model.onnx: a constant of shape [2, 536870912] is too large for this file");
    assertDamaged(
        TestModel.of(1 << 20, 1 << 20).node("r", "Relu", "x", "y")::read,
        "Invalid input 'x' in model.onnx: Invalid shape [1048576, 1048576]: more than 2^31 - 1 elements");
  }

  /** Whatever a damaged file says, it is refused by a message or read; nothing else may escape. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void damageAnywhereInAFileNeverEscapesAsABug(long seed) throws IOException {
    Random random = new Random(seed);
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".onnx")).sorted().toList()) {
        byte[] bytes = Files.readAllBytes(file);
        for (int trial = 0; trial < 25; trial++) {
          readDamaged(file, bytes.clone(), random, trial % 3 + 1);
        }
      }
    }
  }

  private static void readDamaged(Path file, byte[] bytes, Random random, int changes) {
    for (int change = 0; change < changes; change++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    try {
      new OnnxImporter().read(ModelSource.of("model.onnx", bytes));
    } catch (DeepLiftException e) {
      assertThat(e.getMessage()).as(file.toString()).doesNotContain("\n").isNotBlank();
    }
  }
}
