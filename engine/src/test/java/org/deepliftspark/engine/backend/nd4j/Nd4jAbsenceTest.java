package org.deepliftspark.engine.backend.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What the user reads where ND4J cannot start: one line, no stack trace. Each case is a process
 * with part of the class path.
 */
class Nd4jAbsenceTest {

  @Test
  void missingNativeCodeIsNamed() throws Exception {
    assertThat(reasonWithout("nd4j-native-.*linux.*"))
        .startsWith("ND4J does not start: UnsatisfiedLinkError: Could not find jnind4jcpu");
  }

  @Test
  void missingBlasIsNamed() throws Exception {
    assertThat(reasonWithout("openblas-.*linux.*"))
        .startsWith("ND4J does not start: UnsatisfiedLinkError: Could not find jniopenblas");
  }

  @Test
  void missingNd4jIsNamed() throws Exception {
    assertThat(reasonWithout("nd4j-.*"))
        .startsWith("ND4J does not start: ClassNotFoundException: org.nd4j");
  }

  private static String reasonWithout(String jar) throws IOException, InterruptedException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !new File(entry).getName().matches(jar))
            .collect(Collectors.joining(File.pathSeparator));
    String java = System.getProperty("java.home") + "/bin/java";
    Process process =
        new ProcessBuilder(List.of(java, "-cp", classPath, PrintReason.class.getName()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(output.lines()).hasSize(1);
    return output;
  }

  /** Runs in a process of its own. */
  static final class PrintReason {
    public static void main(String[] args) {
      System.out.println(new Nd4jBackend().unavailable().orElse("it starts"));
    }
  }
}
