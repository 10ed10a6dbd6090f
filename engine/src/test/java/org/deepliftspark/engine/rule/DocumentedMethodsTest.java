package org.deepliftspark.engine.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.deepliftspark.engine.DocumentedNames;
import org.junit.jupiter.api.Test;

class DocumentedMethodsTest {

  @Test
  void readmeNamesTheMethodsThatThereAre() throws IOException {
    assertThat(DocumentedNames.in("README.md", "`--method`"))
        .containsExactlyInAnyOrderElementsOf(Method.forms());
  }
}
