package org.deepliftspark.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuTest {
  @TempDir Path folder;

  @Test
  void readsWhatNvidiaSmiPrints() {
    assertThat(Gpu.parse("0, Tesla T4, 15360, 7.5\n1, NVIDIA A100-SXM4-40GB, 40960, 8.0\n"))
        .containsExactly(
            new Gpu(0, "Tesla T4", 15360L << 20, "7.5"),
            new Gpu(1, "NVIDIA A100-SXM4-40GB", 40960L << 20, "8.0"));
  }

  @Test
  void leavesOutWhatIsNoGpu() {
    assertThat(Gpu.parse("No devices were found\n0, T4, [N/A], 7.5\n\n")).isEmpty();
  }

  @Test
  void asksAProgramForTheFieldsThatItReads() throws Exception {
    Path program = folder.resolve("smi");
    Files.writeString(
        program,
        """
        #!/bin/sh
        [ "$1 $2" = "--query-gpu=index,name,memory.total,compute_cap --format=csv,noheader,nounits" ] || exit 1
        echo "3, Tesla V100, 16384, 7.0"
        """);
    assertThat(Gpu.query(List.of("sh", program.toString())))
        .containsExactly(new Gpu(3, "Tesla V100", 16384L << 20, "7.0"));
  }

  @Test
  void knowsNothingWhereTheProgramIsAbsent() {
    assertThat(Gpu.query(List.of(folder.resolve("none").toString()))).isEmpty();
  }

  @Test
  void isDescribedByItsNameAndComputeCapabilityWhereTheyAreKnown() {
    List<Gpu> gpus = List.of(new Gpu(2, "Tesla K40m", 12L << 30, "3.5"));
    assertThat(Gpu.describe(2, gpus)).isEqualTo("GPU 2 (Tesla K40m, compute capability 3.5)");
    assertThat(Gpu.describe(0, gpus)).isEqualTo("GPU 0");
  }

  @Test
  void refusesNumbersThatAreNoGpu() {
    assertThatThrownBy(() -> GpuOptions.DEFAULT.onDevice(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid device -1, memory 0 or calls 2");
  }
}
