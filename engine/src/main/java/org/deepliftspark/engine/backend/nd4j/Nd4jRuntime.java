package org.deepliftspark.engine.backend.nd4j;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Properties;
import org.bytedeco.openblas.global.openblas_full;
import org.deepliftspark.engine.backend.Gpu;
import org.deepliftspark.engine.backend.SelfCheck;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ND4J in this process: started once, checked once, set to one thread per caller. */
final class Nd4jRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(Nd4jRuntime.class);

  private static final String CUDA_BACKEND = "/org/nd4j/linalg/jcublas/JCublasBackend.class";
  private static final String CUDA_KERNELS = "compute capability 3.7 to 8.6 and CUDA 11.6 only";

  private Nd4jRuntime() {}

  /** Why ND4J cannot run here, or empty. Starts it the first time. */
  static Optional<String> unavailable() {
    return Started.PROBLEM;
  }

  /** Whether this build has ND4J's CUDA backend, which ND4J prefers where it loads. */
  static boolean hasCuda() {
    return Nd4jRuntime.class.getResource(CUDA_BACKEND) != null;
  }

  /** Why ND4J cannot compute on a GPU here, or empty. Starts it the first time. */
  static Optional<String> unavailableOnGpu(int device) {
    Optional<String> problem = unavailable();
    boolean onCpu = problem.isEmpty() && Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU;
    return onCpu
        ? Optional.of(onGpu("ND4J took the CPU, since its CUDA backend does not load", device))
        : problem;
  }

  /** A problem, with what is known of the GPU and what ND4J would need. */
  static String onGpu(String problem, int device) {
    return problem + " on " + Gpu.describe(device) + "; it has code for " + CUDA_KERNELS;
  }

  /** Version of ND4J, its own backend, and the BLAS below. */
  static String description() {
    boolean onCpu = Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU;
    return (onCpu ? Nd4jBackend.NAME : Nd4jCudaBackend.NAME)
        + version()
        + " ("
        + Nd4j.getBackend().getClass().getSimpleName()
        + blas()
        + ")";
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
      String problem = "ND4J does not start: " + cause(failure);
      return Optional.of(hasCuda() ? onGpu(problem, 0) : problem);
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

  private static Optional<String> check() {
    return SelfCheck.run(program -> new Nd4jExecutable(program, DataType.FLOAT, 0))
        .map(wrong -> "ND4J computes wrong numbers here: " + wrong);
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
