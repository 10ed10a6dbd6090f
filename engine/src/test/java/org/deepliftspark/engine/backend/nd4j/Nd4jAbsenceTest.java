package org.deepliftspark.engine.backend.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.deepliftspark.engine.backend.ChildProcess;
import org.junit.jupiter.api.Test;

/** What the user reads where ND4J cannot start: one line, no stack trace. */
class Nd4jAbsenceTest {

  @Test
  void missingNativeCodeIsNamed() throws Exception {
    assertThat(ChildProcess.line(PrintReason.class, "nd4j-native-.*linux.*"))
        .startsWith("ND4J does not start: UnsatisfiedLinkError: Could not find jnind4jcpu");
  }

  @Test
  void missingBlasIsNamed() throws Exception {
    assertThat(ChildProcess.line(PrintReason.class, "openblas-.*linux.*"))
        .startsWith("ND4J does not start: UnsatisfiedLinkError: Could not find jniopenblas");
  }

  @Test
  void missingNd4jIsNamed() throws Exception {
    assertThat(ChildProcess.line(PrintReason.class, "nd4j-.*"))
        .startsWith("ND4J does not start: ClassNotFoundException: org.nd4j");
  }

  /** Runs in a process of its own. */
  static final class PrintReason {
    public static void main(String[] args) {
      System.out.println(new Nd4jBackend().unavailable().orElse("it starts"));
    }
  }
}
