package org.deepliftspark.engine.backend.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Value;

/**
 * Buffers of calls of one size. The runtime reads and writes them in place, and the session behind
 * reads what this one wrote; they are used again from call to call, and their memory is freed when
 * they are closed.
 */
final class CallBuffers implements AutoCloseable {
  private final List<ByteBuffer> memory = new ArrayList<>();
  private final Map<String, FloatBuffer> buffers = new HashMap<>();
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Map<String, OnnxTensor> outputs = new HashMap<>();
  private final List<Instruction.Feed> feeds;
  private final List<OnnxTensor> own = new ArrayList<>();
  private final OrtEnvironment environment;
  private final LeadLayout layout;
  private final int count;

  /**
   * @param count length of the leading dimension that is chosen per call
   * @param before buffers of the session that computes what this one receives, or null
   */
  CallBuffers(
      OrtEnvironment environment,
      Program program,
      SessionPart part,
      LeadLayout layout,
      int count,
      CallBuffers before)
      throws OrtException {
    this.environment = environment;
    this.layout = layout;
    this.count = count;
    this.feeds = part.feeds(program);
    try {
      allocate(part, before);
    } catch (OrtException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void allocate(SessionPart part, CallBuffers before) throws OrtException {
    for (Instruction.Feed feed : feeds) {
      String name = OnnxEmitter.feedName(feed);
      inputs.put(name, tensor(name, feed.out()));
    }
    for (Value value : part.received()) {
      String name = OnnxEmitter.valueName(value);
      inputs.put(name, before.outputs.get(name));
    }
    for (Value value : part.handedOver()) {
      String name = OnnxEmitter.valueName(value);
      outputs.put(name, tensor(name, value));
    }
    for (Program.Output output : part.outputs()) {
      outputs.put(output.name(), tensor(output.name(), output.value()));
    }
  }

  private OnnxTensor tensor(String name, Value value) throws OrtException {
    long[] dims = dims(value.extent(), value.shape());
    long size = 1;
    for (long dim : dims) {
      size *= dim;
    }
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Math.toIntExact(size * Float.BYTES))
            .order(ByteOrder.nativeOrder());
    memory.add(bytes);
    FloatBuffer buffer = bytes.asFloatBuffer();
    buffers.put(name, buffer);
    OnnxTensor tensor = OnnxTensor.createTensor(environment, buffer, dims);
    own.add(tensor);
    return tensor;
  }

  private long[] dims(Extent extent, Shape shape) {
    int[] lead = layout.dims(extent);
    long[] dims = new long[lead.length + shape.rank()];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = i >= lead.length ? shape.dim(i - lead.length) : lead[i] < 0 ? count : lead[i];
    }
    return dims;
  }

  /** What {@link #put} is to fill before a call. */
  List<Instruction.Feed> feeds() {
    return feeds;
  }

  void put(Instruction.Feed feed, float[] array, int from, int length) {
    buffers.get(OnnxEmitter.feedName(feed)).put(0, array, from, length);
  }

  void get(String output, int from, float[] array, int to, int length) {
    buffers.get(output).get(from, array, to, length);
  }

  void run(OrtSession session) throws OrtException {
    session.run(inputs, outputs).close();
  }

  @Override
  public void close() {
    own.forEach(OnnxTensor::close);
    own.clear();
    buffers.clear();
    memory.forEach(DirectMemory::free);
    memory.clear();
  }
}
