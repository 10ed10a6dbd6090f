package org.deepliftspark.engine.backend.nd4j;

import java.util.Optional;
import org.deepliftspark.engine.backend.Backend;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.program.Program;

/**
 * {@link Nd4jBackend} where ND4J stands on CUDA 11.6: for GPUs of compute capability 3.7 to 8.6,
 * correct before fast.
 */
public final class Nd4jCudaBackend implements Backend {
  /** What {@code --backend} calls it. */
  public static final String NAME = "nd4j:cuda";

  private final Nd4jBackend nd4j = new Nd4jBackend();

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
    return Nd4jRuntime.hasCuda()
        ? Optional.empty()
        : Optional.of("this build has ND4J without CUDA; build it with -Pnd4j-cuda (docs/gpu.md)");
  }

  @Override
  public Optional<String> unavailable() {
    return unavailable(BackendOptions.DEFAULT);
  }

  @Override
  public Optional<String> unavailable(BackendOptions options) {
    Optional<String> absent = absent();
    return absent.isPresent() ? absent : Nd4jRuntime.unavailableOnGpu(options.gpu().device());
  }

  @Override
  public Executable compile(Program program, BackendOptions options) {
    return new BoundExecutable(
        () -> nd4j.compile(program, options), options.gpu().device(), Nd4jRuntime::bind);
  }
}
