package org.deepliftspark.engine.backend.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.backend.Gpu;
import org.deepliftspark.engine.backend.GpuOptions;
import org.deepliftspark.engine.program.Program;

/** What sessions compute on, and how much of it a call may take. */
interface OnnxDevice {
  /** The processor, one thread per call. */
  OnnxDevice CPU = new Cpu();

  /** A GPU by CUDA. */
  static OnnxDevice cuda(GpuOptions gpu) {
    return new Cuda(gpu);
  }

  /** Name of the backend that computes on it. */
  String backend();

  /** What it is called in descriptions and messages. */
  String label();

  /** Sets a session's options. */
  void configure(OrtSession.SessionOptions options) throws OrtException;

  /**
   * @param memoryBytes memory of the processor that a workspace may use; 0 for our own choice
   */
  CallSize callSize(Program program, LeadLayout layout, long memoryBytes);

  /**
   * What a session each computes. It depends on the program alone, since a session more or less can
   * change the last bit of a number.
   */
  List<SessionPart> parts(Program program, LeadLayout layout);

  /** See {@link OnnxDevice#CPU}. */
  final class Cpu implements OnnxDevice {
    private Cpu() {}

    @Override
    public String backend() {
      return OnnxBackend.NAME;
    }

    @Override
    public String label() {
      return "CPU";
    }

    @Override
    public void configure(OrtSession.SessionOptions options) {
      // the processor is there by itself
    }

    @Override
    public CallSize callSize(Program program, LeadLayout layout, long memoryBytes) {
      return CallSize.of(program, layout, memoryBytes);
    }

    @Override
    public List<SessionPart> parts(Program program, LeadLayout layout) {
      boolean chunks =
          layout.rowByRow()
              && CallSize.of(program, layout, 0).references() < program.sizes().references();
      return chunks ? SessionPart.byRowAndPair(program) : List.of(SessionPart.whole(program));
    }
  }

  /** See {@link OnnxDevice#cuda}. */
  record Cuda(GpuOptions gpu) implements OnnxDevice {
    /** Where neither the options nor nvidia-smi say what there is: no GPU in use has less. */
    private static final long UNKNOWN_GPU_BYTES = 4L << 30;

    /** The rest is for cuDNN, the CUDA context and other processes. */
    private static final double ARENA_SHARE = 0.8;

    @Override
    public String backend() {
      return OnnxCudaBackend.NAME;
    }

    @Override
    public String label() {
      return Gpu.describe(gpu.device()) + ", CUDA" + (gpu.tf32() ? ", TF32" : "");
    }

    @Override
    public void configure(OrtSession.SessionOptions options) throws OrtException {
      try (OrtCUDAProviderOptions provider = new OrtCUDAProviderOptions(gpu.device())) {
        for (Map.Entry<String, String> entry : providerOptions().entrySet()) {
          provider.add(entry.getKey(), entry.getValue());
        }
        options.addCUDA(provider); // takes a copy
      }
    }

    /** Keys of ONNX Runtime's CUDA execution provider. */
    Map<String, String> providerOptions() {
      Map<String, String> options = new LinkedHashMap<>();
      options.put("gpu_mem_limit", Long.toString(arenaBytes()));
      options.put("arena_extend_strategy", "kSameAsRequested");
      options.put("cudnn_conv_algo_search", gpu.convSearch().name());
      options.put("use_tf32", gpu.tf32() ? "1" : "0");
      return options;
    }

    private long arenaBytes() {
      if (gpu.memoryBytes() > 0) {
        return gpu.memoryBytes();
      }
      long there = Gpu.find(gpu.device()).map(Gpu::memoryBytes).orElse(UNKNOWN_GPU_BYTES);
      return (long) (there * ARENA_SHARE);
    }

    @Override
    public CallSize callSize(Program program, LeadLayout layout, long memoryBytes) {
      return CallSize.onGpu(program, layout, arenaBytes() / gpu.concurrentCalls());
    }

    /** One: the values between two would travel to the processor's memory and back. */
    @Override
    public List<SessionPart> parts(Program program, LeadLayout layout) {
      return List.of(SessionPart.whole(program));
    }
  }
}
