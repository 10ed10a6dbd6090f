package org.deepliftspark.engine.backend.cpu;

import static org.bytedeco.openblas.global.openblas_full.openblas_set_num_threads;

import java.util.Optional;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.backend.Backend;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.program.Program;

/** Runs programs on OpenBLAS and loops of its own, in float. */
public final class CpuBackend implements Backend {
  public static final String NAME = "cpu";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> unavailable() {
    try {
      // one thread per call: the callers are as many threads as this process has cores
      openblas_set_num_threads(1);
      return Optional.empty();
    } catch (LinkageError | RuntimeException e) {
      return Optional.of("OpenBLAS does not load: " + e.getMessage());
    }
  }

  @Override
  public boolean isFastestFor(Program program) {
    return Strengths.has(program);
  }

  @Override
  public Executable compile(Program program, BackendOptions options) {
    if (options.precision() != BackendOptions.Precision.F32) {
      throw new InvalidInputException(
          "Cannot compute in double on backend 'cpu'. Use --backend nd4j, or --precision f32");
    }
    return new CpuExecutable(program, options);
  }
}
