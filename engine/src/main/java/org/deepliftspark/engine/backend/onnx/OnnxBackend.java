package org.deepliftspark.engine.backend.onnx;

import java.util.Optional;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.backend.Backend;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.program.Program;

/** Runs programs on ONNX Runtime, in float. */
public final class OnnxBackend implements Backend {
  public static final String NAME = "onnx";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> unavailable() {
    try {
      OnnxEnvironment.get();
      return Optional.empty();
    } catch (LinkageError | RuntimeException e) {
      return Optional.of("ONNX Runtime does not load: " + e.getMessage());
    }
  }

  @Override
  public Executable compile(Program program, BackendOptions options) {
    if (options.precision() != BackendOptions.Precision.F32) {
      throw new InvalidInputException(
          "Cannot compute in double on backend 'onnx': ONNX Runtime has no double convolutions. Use --backend nd4j, or --precision f32");
    }
    return new OnnxExecutable(OnnxEnvironment.get(), program, options, OnnxDevice.CPU);
  }
}
