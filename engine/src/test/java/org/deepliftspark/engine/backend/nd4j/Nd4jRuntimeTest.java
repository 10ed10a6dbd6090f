package org.deepliftspark.engine.backend.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.program.Numbers;
import org.junit.jupiter.api.Test;

/** What the check at start says of a device, here of one that is only described. */
class Nd4jRuntimeTest {
  private static final Optional<String> GPU =
      Optional.of("GPU 0 (NVIDIA L4, compute capability 8.9)");

  private static final String NEEDS =
      " (on GPU 0 (NVIDIA L4, compute capability 8.9); ND4J has code for compute capability 3.7 to"
          + " 8.6 and CUDA 11.6 only)";

  @Test
  void aGpuWithoutKernelsIsNamedWithItsComputeCapability() {
    assertThat(
            Nd4jRuntime.check(
                program -> {
                  throw new IllegalStateException(
                      "failed", new IllegalStateException("no kernel image is available\nat x"));
                },
                GPU))
        .hasValue(
            "ND4J does not start: IllegalStateException: no kernel image is available" + NEEDS);
  }

  @Test
  void aGpuThatComputesWrongNumbersIsNamedWithItsComputeCapability() {
    assertThat(Nd4jRuntime.check(program -> new Zeros(), GPU))
        .hasValueSatisfying(
            problem ->
                assertThat(problem)
                    .startsWith("ND4J computes wrong numbers here: a small network gives 0.0, ")
                    .endsWith(NEEDS));
  }

  @Test
  void theProcessorNeedsNoDescription() {
    assertThat(Nd4jRuntime.check(program -> new Zeros(), Optional.empty()))
        .hasValueSatisfying(
            problem ->
                assertThat(problem)
                    .matches(
                        "ND4J computes wrong numbers here: a small network gives 0\\.0, expected"
                            + " -?\\d+\\.0"));
  }

  /** A device whose arithmetic is broken. */
  private static final class Zeros implements Executable, Workspace {
    @Override
    public Workspace newWorkspace() {
      return this;
    }

    @Override
    public Map<String, Numbers> run(Batch batch) {
      return Map.of("y", Numbers.of(new float[2]));
    }

    @Override
    public int preferredRows() {
      return 1;
    }

    @Override
    public String description() {
      return "zeros";
    }

    @Override
    public void close() {}
  }
}
