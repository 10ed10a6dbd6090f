package org.deepliftspark.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deepliftspark.engine.InvalidInputException;
import org.junit.jupiter.api.Test;

/** The choice among the real backends, each time in a fresh process. */
class BackendChoiceTest {
  private static final String NOTHING = "(?!)";

  @Test
  void autoTakesOnnxAndNeverLoadsNd4j() throws Exception {
    assertThat(ChildProcess.line(PrintChoice.class, NOTHING)).isEqualTo("onnx, nd4j not loaded");
  }

  @Test
  void autoFallsBackToOpenBlasWhereOnnxRuntimeIsAbsent() throws Exception {
    assertThat(ChildProcess.line(PrintChoice.class, "onnxruntime.*"))
        .isEqualTo("cpu, nd4j not loaded");
  }

  @Test
  void autoSaysWhyNothingRuns() throws Exception {
    assertThat(ChildProcess.line(PrintChoice.class, "onnxruntime.*|openblas-.*"))
        .startsWith("No backend can run here: onnx: ")
        .contains("; cpu: OpenBLAS does not load: ", "; nd4j: ND4J does not start: ");
  }

  /** Runs in a process of its own. */
  static final class PrintChoice {
    public static void main(String[] args) throws IOException {
      try {
        String name = Backends.get(Backends.AUTO).name();
        boolean loaded = Files.readString(Path.of("/proc/self/maps")).contains("libnd4jcpu");
        System.out.println(name + (loaded ? ", nd4j loaded" : ", nd4j not loaded"));
      } catch (InvalidInputException refused) {
        System.out.println(refused.getMessage());
      }
    }
  }
}
