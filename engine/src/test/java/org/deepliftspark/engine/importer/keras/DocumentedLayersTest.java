package org.deepliftspark.engine.importer.keras;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.deepliftspark.engine.DocumentedNames;
import org.junit.jupiter.api.Test;

class DocumentedLayersTest {

  @Test
  void docsNameTheLayersThatAreRead() throws IOException {
    assertThat(DocumentedNames.in("docs/layers.md", "Keras"))
        .containsExactlyInAnyOrderElementsOf(LayerTable.supported());
  }
}
