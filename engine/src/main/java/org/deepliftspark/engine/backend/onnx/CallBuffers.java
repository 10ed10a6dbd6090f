package org.deepliftspark.engine.backend.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;

/**
 * Buffers of calls of one size. The runtime reads and writes them in place; they are used again
 * from call to call.
 */
final class CallBuffers implements AutoCloseable {
  private final Map<String, FloatBuffer> buffers = new HashMap<>();
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Map<String, OnnxTensor> outputs = new HashMap<>();

  /**
   * @param count length of the leading dimension that is chosen per call
   */
  CallBuffers(OrtEnvironment environment, Program program, LeadLayout layout, int count)
      throws OrtException {
    for (Instruction.Feed feed : program.feeds()) {
      String name = OnnxEmitter.feedName(feed);
      inputs.put(
          name,
          tensor(environment, name, dims(layout, feed.out().extent(), feed.out().shape(), count)));
    }
    for (Program.Output output : program.outputs()) {
      long[] dims = dims(layout, output.value().extent(), output.value().shape(), count);
      outputs.put(output.name(), tensor(environment, output.name(), dims));
    }
  }

  private OnnxTensor tensor(OrtEnvironment environment, String name, long[] dims)
      throws OrtException {
    long size = 1;
    for (long dim : dims) {
      size *= dim;
    }
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(Math.toIntExact(size * Float.BYTES))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    buffers.put(name, buffer);
    return OnnxTensor.createTensor(environment, buffer, dims);
  }

  private static long[] dims(LeadLayout layout, Extent extent, Shape shape, int count) {
    int[] lead = layout.dims(extent);
    long[] dims = new long[lead.length + shape.rank()];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = i >= lead.length ? shape.dim(i - lead.length) : lead[i] < 0 ? count : lead[i];
    }
    return dims;
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
    inputs.values().forEach(OnnxTensor::close);
    outputs.values().forEach(OnnxTensor::close);
  }
}
