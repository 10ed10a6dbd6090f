package org.deepliftspark.engine.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * ONNX Runtime 1.29 matches the command line of the process by a recursive regular expression: with
 * a class path on it, as Spark's often have, the JVM dies with SIGSEGV and no report.
 */
class OnnxEnvironmentTest {

  /** What another JVM runs: loads ONNX Runtime and says how it went. */
  static final class Opens {
    public static void main(String[] args) {
      Optional<String> reason = new OnnxBackend().unavailable();
      System.out.println(reason.orElse("available"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 20_000, 100_000})
  void opensHoweverLongTheCommandLineIs(int characters) throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder builder =
        new ProcessBuilder(
            java.toString(), "-Dfiller=" + "x".repeat(characters), Opens.class.getName());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.redirectErrorStream(true);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(output).endsWith("available" + System.lineSeparator());
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void isMadeOnce() {
    assertThat(OnnxEnvironment.get()).isSameAs(OnnxEnvironment.get());
  }
}
