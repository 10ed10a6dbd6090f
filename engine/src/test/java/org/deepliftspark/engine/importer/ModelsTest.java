package org.deepliftspark.engine.importer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.deepliftspark.engine.ModelFormatException;
import org.junit.jupiter.api.Test;

class ModelsTest {

  @Test
  void aFileThatIsNoModelIsCalledSo() {
    byte[] bytes = ">chr1:100-300\nACGT\n".getBytes(StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> Models.read(ModelSource.of("peaks.fa", bytes)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "Cannot read model peaks.fa: neither Keras (.h5, .keras, .json + --weights) nor ONNX");
  }

  @Test
  void anEmptyFileIsCalledSo() {
    assertThatThrownBy(() -> Models.read(ModelSource.of("model.h5", new byte[0])))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("Cannot read model model.h5: the file is empty");
  }
}
