package org.deepliftspark.engine.importer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.graph.Op;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Weights in other files: only what lies in the model's folder is read, and only as much as is
 * there.
 */
class ExternalDataTest {
  @TempDir Path temp;
  private Path folder;

  @BeforeEach
  void writeWeights() throws IOException {
    folder = Files.createDirectory(temp.resolve("model"));
    Files.write(
        folder.resolve("w.bin"), new byte[] {9, 9, 9, 9, 0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40});
    Files.write(temp.resolve("secret.bin"), new byte[8]);
  }

  private static TestModel model(Map<String, String> entries) {
    return TestModel.of(2).external("w", entries, 2, 1).node("m", "MatMul", "x w", "y");
  }

  private void assertDamaged(Map<String, String> entries, String reason) {
    assertThatThrownBy(() -> model(entries).read(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("Invalid external data of tensor 'w' in model.onnx: " + reason);
  }

  @Test
  void theBytesAtTheOffsetAreTheWeights() {
    Op.Dense dense =
        (Op.Dense)
            model(Map.of("location", "w.bin", "offset", "4", "length", "8"))
                .read(folder)
                .find("y")
                .op();
    assertThat(dense.weight().data()).containsExactly(1, 2);
  }

  @Test
  void nothingOutsideTheFolderIsRead() throws IOException {
    for (String path :
        new String[] {
          "../secret.bin", temp.resolve("secret.bin").toString(), "sub/../../secret.bin", ""
        }) {
      assertDamaged(Map.of("location", path), "'" + path + "' leaves the model's folder");
    }
    Files.createSymbolicLink(folder.resolve("link.bin"), temp.resolve("secret.bin"));
    assertDamaged(Map.of("location", "link.bin"), "'link.bin' leaves the model's folder");
  }

  @Test
  void sizesAreComparedWithTheFile() {
    assertDamaged(Map.of("location", "gone.bin"), "'gone.bin' is not there");
    assertDamaged(Map.of("location", "w.bin"), "shape [2, 1] needs 8 bytes, found 12");
    assertDamaged(
        Map.of("location", "w.bin", "offset", "8", "length", "8"),
        "8 bytes from byte 8 on do not lie in a file of 12 bytes");
    assertDamaged(
        Map.of("location", "w.bin", "offset", "9223372036854775807", "length", "8"),
        "8 bytes from byte 9223372036854775807 on do not lie in a file of 12 bytes");
    assertDamaged(Map.of("location", "w.bin", "offset", "-4"), "offset '-4' is not a size");
    assertDamaged(Map.of("location", "w.bin", "length", "eight"), "length 'eight' is not a size");
  }

  @Test
  void manyTensorsOverTheSameBytesAreRefused() {
    TestModel model = TestModel.of(2);
    StringBuilder sum = new StringBuilder("x");
    for (int i = 0; i < 8; i++) {
      model.external("w" + i, Map.of("location", "w.bin", "offset", "4", "length", "8"), 1, 2);
      sum.append(" w").append(i);
    }
    assertThatThrownBy(() -> model.node("s", "Sum", sum.toString(), "y").read(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith("tensors claim more bytes of 'w.bin' than it has");
  }

  @Test
  void aModelWithoutAFolderCannotHaveExternalData() {
    assertThatThrownBy(() -> model(Map.of("location", "w.bin")).read())
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read model.onnx: tensor 'w' lies in 'w.bin', and external data is read only beside a model in a local "
                + "folder. Save the model in one file");
  }
}
