package org.deepliftspark.engine.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.backend.GpuOptions;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction.Role;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.Value;
import org.junit.jupiter.api.Test;

class OnnxCudaBackendTest {
  private final OnnxCudaBackend backend = new OnnxCudaBackend();

  @Test
  void aBuildWithoutCudaSaysWhatToBuild() {
    assumeTrue(backend.absent().isPresent(), "this build has CUDA");
    assertThatThrownBy(() -> Backends.get("onnx:cuda"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Backend 'onnx:cuda' cannot run here: this build has ONNX Runtime without CUDA; build it"
                + " with -Pgpu (docs/gpu.md)");
    assertThat(Backends.names()).doesNotContain("onnx:cuda");
    assertThat(Backends.get("auto").onGpu()).isFalse();
  }

  @Test
  void aBuildWithCudaNamesTheGpuThatItCannotUse() {
    assumeTrue(backend.absent().isEmpty(), "this build has no CUDA");
    BackendOptions none =
        new BackendOptions(BackendOptions.Precision.F32, 0, GpuOptions.DEFAULT.onDevice(99));
    assertThat(backend.unavailable(none))
        .hasValueSatisfying(
            reason -> assertThat(reason).startsWith("GPU 99 cannot be used by ONNX Runtime: "));
  }

  @Test
  void computesInFullFloatUnlessTf32IsAskedFor() {
    GpuOptions options = new GpuOptions(1, 3L << 30, GpuOptions.ConvSearch.EXHAUSTIVE, false, 2);
    assertThat(new OnnxDevice.Cuda(options).providerOptions())
        .containsEntry("use_tf32", "0")
        .containsEntry("gpu_mem_limit", Long.toString(3L << 30))
        .containsEntry("cudnn_conv_algo_search", "EXHAUSTIVE");
    GpuOptions tf32 = new GpuOptions(1, 0, GpuOptions.CONV_SEARCH_DEFAULT, true, 2);
    assertThat(new OnnxDevice.Cuda(tf32).providerOptions())
        .containsEntry("use_tf32", "1")
        .containsEntry("cudnn_conv_algo_search", "HEURISTIC");
  }

  @Test
  void refusesDouble() {
    BackendOptions inDouble = new BackendOptions(BackendOptions.Precision.F64, 0);
    assertThatThrownBy(() -> backend.compile(null, inDouble))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot compute in double on backend 'onnx:cuda'");
  }

  @Test
  void callsAreAsLargeAsTheGpusMemoryAllows() {
    Program many = program(20);
    LeadLayout layout = LeadLayout.of(many);
    // two values of 1000 floats per reference
    assertThat(CallSize.onGpu(many, layout, 1 << 30)).isEqualTo(new CallSize(1, 20));
    assertThat(CallSize.onGpu(many, layout, 60_000)).isEqualTo(new CallSize(1, 7));
    assertThat(CallSize.onGpu(many, layout, 1)).isEqualTo(new CallSize(1, 1));
    Program one = program(1);
    assertThat(CallSize.onGpu(one, LeadLayout.of(one), 1 << 30)).isEqualTo(new CallSize(1024, 1));
    assertThat(CallSize.onGpu(one, LeadLayout.of(one), 80_000)).isEqualTo(new CallSize(10, 1));
  }

  private static Program program(int references) {
    ProgramBuilder builder = new ProgramBuilder();
    Value reference =
        builder.feed(Role.REFERENCE, 0, Extent.of(Axis.ROW, Axis.REFERENCE), Shape.of(1000));
    builder.output("y", builder.add(reference, builder.scalar(1)));
    return builder.build(new Program.Sizes(1, 1, references));
  }
}
