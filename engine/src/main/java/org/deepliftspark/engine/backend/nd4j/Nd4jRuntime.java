package org.deepliftspark.engine.backend.nd4j;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.bytedeco.openblas.global.openblas_full;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction.Role;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Program.Sizes;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ND4J in this process: started once, checked once, set to one thread per caller. */
final class Nd4jRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(Nd4jRuntime.class);

  private Nd4jRuntime() {}

  /** Why ND4J cannot run here, or empty. Starts it the first time. */
  static Optional<String> unavailable() {
    return Started.PROBLEM;
  }

  /** Version of ND4J, its own backend, and the BLAS below. */
  static String description() {
    return "nd4j" + version() + " (" + Nd4j.getBackend().getClass().getSimpleName() + blas() + ")";
  }

  private static final class Started {
    static final Optional<String> PROBLEM = start();
  }

  private static Optional<String> start() {
    try {
      // callers are the threads: Spark runs one task per core
      Nd4j.getEnvironment().setMaxThreads(1);
      Nd4j.getEnvironment().setMaxMasterThreads(1);
      Nd4j.factory().blas().setMaxThreads(1);
      Nd4j.getMemoryManager().togglePeriodicGc(false); // arrays are closed, not collected
      Optional<String> problem = check();
      if (problem.isEmpty()) {
        LOG.info("{}", description());
      }
      return problem;
    } catch (Exception | LinkageError failure) {
      LOG.debug("ND4J did not start", failure);
      return Optional.of("ND4J does not start: " + cause(failure));
    }
  }

  private static String cause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message =
        cause.getMessage() == null ? "" : ": " + cause.getMessage().lines().findFirst().orElse("");
    return cause.getClass().getSimpleName() + message;
  }

  /**
   * A convolution and a product of matrices, small enough to do by plain loops too; the numbers are
   * whole, so results are exact.
   */
  private static Optional<String> check() {
    float[] input = whole(2 * 7);
    float[] kernel = whole(3 * 2 * 3);
    float[] weight = whole(12 * 2);
    float[] found;
    try (Nd4jExecutable executable =
        new Nd4jExecutable(program(kernel, weight), DataType.FLOAT, 0)) {
      found =
          executable.newWorkspace().run(new Batch(1, List.of(input), List.of())).get("y").floats();
    }
    float[] expected = expected(input, kernel, weight);
    for (int i = 0; i < expected.length; i++) {
      if (found[i] != expected[i]) {
        return Optional.of(
            "ND4J computes wrong numbers here: a small network gives "
                + found[i]
                + ", expected "
                + expected[i]);
      }
    }
    return Optional.empty();
  }

  private static float[] whole(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = i * 7 % 5 - 2;
    }
    return numbers;
  }

  /**
   * Convolution [2, 7] to [3, 4] with width 3, stride 2 and padding 1, then a product with [12, 2].
   */
  private static Program program(float[] kernel, float[] weight) {
    ProgramBuilder builder = new ProgramBuilder();
    Value x = builder.feed(Role.INPUT, 0, Extent.of(Axis.ROW), Shape.of(2, 7));
    int[] one = {1};
    ConvGeometry geometry = new ConvGeometry(new int[] {2}, one, one, one, 1);
    Value y = builder.conv(x, Tensor.of(kernel, 3, 2, 3), null, geometry);
    Value flat = builder.reshape(y, Shape.of(12));
    builder.output("y", builder.dense(flat, Tensor.of(weight, 12, 2), false, null));
    return builder.build(new Sizes(1, 1, 1));
  }

  private static float[] expected(float[] input, float[] kernel, float[] weight) {
    float[] hidden = new float[12];
    for (int i = 0; i < hidden.length; i++) {
      for (int tap = 0; tap < 6; tap++) {
        int position = i % 4 * 2 - 1 + tap % 3;
        if (position >= 0 && position < 7) {
          hidden[i] += kernel[i / 4 * 6 + tap] * input[tap / 3 * 7 + position];
        }
      }
    }
    float[] out = new float[2];
    for (int i = 0; i < 24; i++) {
      out[i % 2] += hidden[i / 2] * weight[i];
    }
    return out;
  }

  private static String version() {
    try (InputStream stream =
        Nd4j.class.getResourceAsStream("/META-INF/maven/org.nd4j/nd4j-api/pom.properties")) {
      Properties properties = new Properties();
      if (stream != null) {
        properties.load(stream);
      }
      String version = properties.getProperty("version");
      return version == null ? "" : " " + version;
    } catch (IOException unreadable) {
      return ""; // a description without a version is better than none
    }
  }

  /**
   * The BLAS with the kind of CPU that it took this one for, which decides its speed; empty on
   * other devices.
   */
  private static String blas() {
    if (Nd4j.getExecutioner().type() != ExecutionerType.NATIVE_CPU) {
      return "";
    }
    try {
      String[] config = openblas_full.openblas_get_config().getString().split(" ");
      String core = openblas_full.openblas_get_corename().getString();
      return ", " + config[0] + (config.length > 1 ? " " + config[1] : "") + " " + core;
    } catch (LinkageError absent) {
      return ", " + Nd4j.factory().blas().getBlasVendor(); // ND4J may stand on another BLAS
    }
  }
}
