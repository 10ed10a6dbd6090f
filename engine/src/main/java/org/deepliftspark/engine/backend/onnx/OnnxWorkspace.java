package org.deepliftspark.engine.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;

/** Cuts a batch into calls of the sessions, and puts their outputs where they belong. */
final class OnnxWorkspace implements Workspace {
  private final OrtEnvironment environment;
  private final List<SessionPart> parts;
  private final List<OrtSession> sessions;
  private final Program program;
  private final LeadLayout layout;
  private final CallSize callSize;
  private final List<Map<Integer, CallBuffers>> buffers = new ArrayList<>();

  OnnxWorkspace(
      OrtEnvironment environment,
      List<SessionPart> parts,
      List<OrtSession> sessions,
      Program program,
      LeadLayout layout,
      CallSize callSize) {
    this.environment = environment;
    this.parts = parts;
    this.sessions = sessions;
    this.program = program;
    this.layout = layout;
    this.callSize = callSize;
    parts.forEach(part -> buffers.add(new HashMap<>()));
  }

  @Override
  public int preferredRows() {
    return callSize.rows();
  }

  @Override
  public Map<String, Numbers> run(Batch batch) {
    Map<String, float[]> results = new LinkedHashMap<>();
    for (Program.Output output : program.outputs()) {
      int count = program.sizes().of(output.value().extent(), batch.rows());
      results.put(output.name(), new float[count * output.value().shape().size()]);
    }
    try {
      if (layout.rowByRow()) {
        rowByRow(batch, results);
      } else {
        for (int row = 0; row < batch.rows(); row += callSize.rows()) {
          call(0, batch, row, Math.min(callSize.rows(), batch.rows() - row), 0, results);
        }
      }
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
    }
    Map<String, Numbers> numbers = new LinkedHashMap<>();
    results.forEach((name, array) -> numbers.put(name, Numbers.of(array)));
    return numbers;
  }

  private void rowByRow(Batch batch, Map<String, float[]> results) throws OrtException {
    int references = program.sizes().references();
    int last = parts.size() - 1;
    for (int row = 0; row < batch.rows(); row++) {
      if (last > 0) {
        call(0, batch, row, 1, 0, results);
      }
      for (int reference = 0; reference < references; reference += callSize.references()) {
        call(
            last,
            batch,
            row,
            Math.min(callSize.references(), references - reference),
            reference,
            results);
      }
    }
  }

  /**
   * Computes a part for {@code count} rows from {@code row}, or for {@code count} references of one
   * row from {@code reference}.
   */
  private void call(
      int index, Batch batch, int row, int count, int reference, Map<String, float[]> results)
      throws OrtException {
    SessionPart part = parts.get(index);
    CallBuffers call = buffers(index, count);
    for (Instruction.Feed feed : call.feeds()) {
      boolean isInput = feed.role() == Instruction.Role.INPUT;
      float[] array = (isInput ? batch.inputs() : batch.references()).get(feed.input());
      int size = feed.out().shape().size();
      call.put(
          feed,
          array,
          firstElement(feed.out().extent(), row, reference) * size,
          elements(feed.out().extent(), count) * size);
    }
    call.run(sessions.get(index));
    for (Program.Output output : part.outputs()) {
      if (reference == 0 || output.value().extent().has(Axis.REFERENCE)) {
        place(call, output, batch.rows(), row, count, reference, results.get(output.name()));
      }
    }
  }

  private CallBuffers buffers(int index, int count) throws OrtException {
    CallBuffers call = buffers.get(index).get(count);
    if (call == null) {
      CallBuffers before = index == 0 ? null : buffers(index - 1, 1);
      call = new CallBuffers(environment, program, parts.get(index), layout, count, before);
      buffers.get(index).put(count, call);
    }
    return call;
  }

  /** Position of the first element that a call reads, in elements of the feed's extent. */
  private int firstElement(Extent extent, int row, int reference) {
    return extent.has(Axis.REFERENCE) ? row * program.sizes().references() + reference : row;
  }

  /** How many elements of a feed's extent a call reads. */
  private int elements(Extent extent, int count) {
    return layout.rowByRow() && !extent.has(Axis.REFERENCE) ? 1 : count;
  }

  private void place(
      CallBuffers call,
      Program.Output output,
      int rows,
      int row,
      int count,
      int reference,
      float[] result) {
    Extent extent = output.value().extent();
    int size = output.value().shape().size();
    int outer =
        (extent.has(Axis.TARGET) ? program.sizes().targets() : 1)
            * (extent.has(Axis.SAMPLE) ? program.sizes().samples() : 1);
    int inner =
        (extent.has(Axis.ROW) ? rows : 1)
            * (extent.has(Axis.REFERENCE) ? program.sizes().references() : 1);
    int first = extent.has(Axis.ROW) ? firstElement(extent, row, reference) : reference;
    Axis counted = layout.axes().get(layout.axes().size() - 1);
    int copied = extent.has(counted) ? count : 1;
    for (int i = 0; i < outer; i++) {
      call.get(output.name(), i * copied * size, result, (i * inner + first) * size, copied * size);
    }
  }

  @Override
  public void close() {
    for (Map<Integer, CallBuffers> ofPart : buffers) {
      ofPart.values().forEach(CallBuffers::close);
      ofPart.clear();
    }
  }
}
