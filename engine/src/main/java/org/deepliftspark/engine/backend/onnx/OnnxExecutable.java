package org.deepliftspark.engine.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.SpatialLift;

/** Sessions, one per part of the program, shared by all threads; each holds the weights it uses. */
final class OnnxExecutable implements Executable {
  private final OrtEnvironment environment;
  private final List<SessionPart> parts;
  private final List<OrtSession> sessions = new ArrayList<>();
  private final Program program;
  private final LeadLayout layout;
  private final CallSize callSize;
  private final OnnxDevice device;

  OnnxExecutable(
      OrtEnvironment environment, Program given, BackendOptions options, OnnxDevice device) {
    this.environment = environment;
    this.device = device;
    this.program = SpatialLift.apply(given);
    this.layout = LeadLayout.of(program);
    this.callSize = device.callSize(program, layout, options.memoryBytes());
    this.parts = device.parts(program, layout);
    try {
      parts.forEach(part -> sessions.add(session(OnnxEmitter.emit(program, layout, part))));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private OrtSession session(byte[] model) {
    try (OrtSession.SessionOptions sessionOptions = new OrtSession.SessionOptions()) {
      device.configure(sessionOptions);
      // one thread per call: the callers are as many threads as the machine has cores for this
      // process
      sessionOptions.setIntraOpNumThreads(1);
      sessionOptions.setInterOpNumThreads(1);
      sessionOptions.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      // it merges a pad into the pool behind it, even where the pool's kernel is no larger than
      // that
      sessionOptions.addConfigEntry("optimization.disable_specified_optimizers", "Pad_Fusion");
      return environment.createSession(model, sessionOptions);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime refused a program: " + e.getMessage(), e);
    }
  }

  @Override
  public Workspace newWorkspace() {
    return new OnnxWorkspace(environment, parts, sessions, program, layout, callSize);
  }

  @Override
  public String description() {
    return device.backend()
        + " (ONNX Runtime "
        + environment.getVersion()
        + ", "
        + device.label()
        + ", float)";
  }

  @Override
  public void close() {
    for (OrtSession session : sessions) {
      try {
        session.close();
      } catch (OrtException e) {
        throw new IllegalStateException(
            "ONNX Runtime did not close a session: " + e.getMessage(), e);
      }
    }
  }
}
