package org.deepliftspark.engine.importer.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.deepliftspark.engine.DocumentedNames;
import org.junit.jupiter.api.Test;

class DocumentedOperatorsTest {

  @Test
  void docsNameTheOperatorsThatAreRead() throws IOException {
    assertThat(DocumentedNames.in("docs/layers.md", "ONNX"))
        .containsExactlyInAnyOrderElementsOf(NodeMappers.opTypes());
  }
}
