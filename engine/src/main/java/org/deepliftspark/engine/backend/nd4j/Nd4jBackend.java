package org.deepliftspark.engine.backend.nd4j;

import java.util.Optional;
import org.deepliftspark.engine.backend.Backend;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.program.Program;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The reference backend, always there: every instruction is a few ND4J operations over the whole
 * extent, in float or double.
 *
 * <p>Values without the row axis are computed once, when the program is compiled; all native memory
 * of a batch is freed when the batch is done. A row's results agree with those in another batch to
 * rounding, not to the last bit: BLAS sums in an order that depends on the number of rows.
 */
public final class Nd4jBackend implements Backend {
  /** What {@code --backend} calls it. */
  public static final String NAME = "nd4j";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> unavailable() {
    return Nd4jRuntime.unavailable();
  }

  @Override
  public Executable compile(Program program, BackendOptions options) {
    Optional<String> problem = unavailable();
    if (problem.isPresent()) {
      throw new IllegalStateException(problem.get());
    }
    DataType type = options.precision() == Precision.F64 ? DataType.DOUBLE : DataType.FLOAT;
    return new Nd4jExecutable(program, type, options.memoryBytes());
  }
}
