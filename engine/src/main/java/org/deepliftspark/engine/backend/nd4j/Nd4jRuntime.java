package org.deepliftspark.engine.backend.nd4j;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import org.bytedeco.openblas.global.openblas_full;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Gpu;
import org.deepliftspark.engine.backend.SelfCheck;
import org.deepliftspark.engine.program.Program;
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
    if (problem.isPresent()) {
      return problem;
    }
    String gpu = Gpu.describe(device);
    if (Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU) {
      return Optional.of(onGpu("ND4J took the CPU, since its CUDA backend does not load", gpu));
    }
    int devices = Nd4j.getAffinityManager().getNumberOfDevices();
    if (device >= devices) {
      return Optional.of(onGpu("ND4J sees " + devices + " GPUs, and none is " + device, gpu));
    }
    return check(
        program ->
            new BoundExecutable(
                () -> new Nd4jExecutable(program, DataType.FLOAT, 0), device, Nd4jRuntime::bind),
        Optional.of(gpu));
  }

  /** Makes a GPU the one that the calling thread computes on; does nothing on the CPU. */
  static void bind(int device) {
    Nd4j.getAffinityManager().unsafeSetDevice(device);
  }

  /**
   * A problem, with what is known of the GPU and what ND4J would need.
   *
   * @param gpu its description
   */
  private static String onGpu(String problem, String gpu) {
    return problem + " (on " + gpu + "; ND4J has code for " + CUDA_KERNELS + ")";
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
      boolean onCpu = Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU;
      Optional<String> problem =
          check(
              program -> new Nd4jExecutable(program, DataType.FLOAT, 0),
              onCpu ? Optional.empty() : Optional.of(Gpu.describe(0)));
      if (problem.isEmpty()) {
        LOG.info("{}", description());
      }
      return problem;
    } catch (Exception | LinkageError failure) {
      return Optional.of(
          refusal(failure, hasCuda() ? Optional.of(Gpu.describe(0)) : Optional.empty()));
    }
  }

  private static String refusal(Throwable failure, Optional<String> gpu) {
    LOG.debug("ND4J did not start", failure);
    return on(gpu, "ND4J does not start: " + cause(failure));
  }

  private static String on(Optional<String> gpu, String problem) {
    return gpu.map(description -> onGpu(problem, description)).orElse(problem);
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
   * What is wrong with ND4J's numbers, or why it has none, or empty.
   *
   * @param gpu description of the GPU that it computes on, if it does
   */
  static Optional<String> check(Function<Program, Executable> compiler, Optional<String> gpu) {
    try {
      return SelfCheck.run(compiler)
          .map(wrong -> on(gpu, "ND4J computes wrong numbers here: " + wrong));
    } catch (RuntimeException | LinkageError failure) {
      return Optional.of(refusal(failure, gpu));
    }
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
