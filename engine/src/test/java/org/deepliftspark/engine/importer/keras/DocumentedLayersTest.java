package org.deepliftspark.engine.importer.keras;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.deepliftspark.engine.importer.DocumentedNames;
import org.junit.jupiter.api.Test;

class DocumentedLayersTest {

  @Test
  void docsNameTheLayersThatAreRead() throws IOException {
    assertThat(DocumentedNames.in("Keras"))
        .containsExactlyInAnyOrderElementsOf(LayerTable.supported());
  }
}
