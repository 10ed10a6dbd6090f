package org.deepliftspark.engine.backend.onnx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.backend.Backend;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Gpu;
import org.deepliftspark.engine.backend.SelfCheck;
import org.deepliftspark.engine.program.Program;

/** Runs programs on ONNX Runtime and a GPU, in float, where this build holds its CUDA provider. */
public final class OnnxCudaBackend implements Backend {
  public static final String NAME = "onnx:cuda";

  private static final String PROVIDER = "libonnxruntime_providers_cuda.so";
  private static final String RESOURCE = "/ai/onnxruntime/native/linux-x64/" + PROVIDER;

  /** ONNX Runtime's own property: a folder with its libraries. */
  private static final String NATIVE_PATH = "onnxruntime.native.path";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean onGpu() {
    return true;
  }

  @Override
  public Optional<String> absent() {
    String folder = System.getProperty(NATIVE_PATH);
    boolean there =
        OnnxCudaBackend.class.getResource(RESOURCE) != null
            || folder != null && Files.exists(Path.of(folder, PROVIDER));
    return there
        ? Optional.empty()
        : Optional.of(
            "this build has ONNX Runtime without CUDA; build it with -Pgpu (docs/gpu.md)");
  }

  @Override
  public Optional<String> unavailable() {
    return unavailable(BackendOptions.DEFAULT);
  }

  @Override
  public Optional<String> unavailable(BackendOptions options) {
    Optional<String> absent = absent();
    if (absent.isPresent()) {
      return absent;
    }
    String gpu = Gpu.describe(options.gpu().device());
    try {
      return SelfCheck.run(program -> compile(program, options))
          .map(wrong -> gpu + " computes wrong numbers by ONNX Runtime: " + wrong);
    } catch (LinkageError | RuntimeException e) {
      return Optional.of(gpu + " cannot be used by ONNX Runtime: " + oneLine(e));
    }
  }

  private static String oneLine(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return message.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse("");
  }

  @Override
  public Executable compile(Program program, BackendOptions options) {
    if (options.precision() != BackendOptions.Precision.F32) {
      throw new InvalidInputException(
          "Cannot compute in double on backend 'onnx:cuda'. Use --backend nd4j, or --precision f32");
    }
    return new OnnxExecutable(
        OnnxEnvironment.get(), program, options, OnnxDevice.cuda(options.gpu()));
  }
}
