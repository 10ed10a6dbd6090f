package org.deepliftspark.engine.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What ONNX Runtime does to a process when it starts and when it ends. Version 1.29 matches the
 * command line of the process by a recursive regular expression: with a class path on it, as
 * Spark's often have, the JVM dies with SIGSEGV and no report.
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

  /** What another JVM runs: opens a session when it has been told to end for a while. */
  static final class OpensLate {
    private static final int STATUS = 42;

    public static void main(String[] args) {
      OnnxEnvironment.get();
      Runtime.getRuntime().addShutdownHook(new Thread(OpensLate::openLate));
      System.exit(STATUS);
    }

    private static void openLate() {
      try {
        Thread.sleep(500); // ONNX Runtime's own hook, which starts together with this one, is done
        GraphBuilder builder = new GraphBuilder("late");
        Node input = builder.input("x", Shape.of(2));
        Op unit = new Op.Dense(Tensor.of(new float[] {1, 2}, 2, 1), null);
        builder.output("y", builder.add("unit", unit, input));
        DeepLiftOptions options =
            DeepLiftOptions.builder()
                .backend(OnnxBackend.NAME)
                .targets(List.of("0"))
                .references(List.of(ReferenceMode.given(1)))
                .build();
        try (DeepLift engine = DeepLift.open(builder.build(), options);
            DeepLift.Session session = engine.newSession()) {
          Batch batch = new Batch(1, List.of(new float[] {3, 4}), List.of(new float[2]));
          System.out.println(Arrays.toString(session.attribute(batch).contributions(0).floats()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void staysOpenWhileTheProcessEnds() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder builder = new ProcessBuilder(java.toString(), OpensLate.class.getName());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.redirectErrorStream(true);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isEqualTo(OpensLate.STATUS);
    assertThat(output).endsWith("[3.0, 8.0]" + System.lineSeparator());
  }

  @Test
  void isMadeOnce() {
    assertThat(OnnxEnvironment.get()).isSameAs(OnnxEnvironment.get());
  }
}
