package org.deepliftspark.engine.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.SpatialLift;

/** One session, shared by all threads: weights are held once. */
final class OnnxExecutable implements Executable {
  private final OrtEnvironment environment;
  private final OrtSession session;
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
    this.session = session(OnnxEmitter.emit(program, layout));
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
    return new OnnxWorkspace(environment, session, program, layout, callSize);
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
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime did not close a session: " + e.getMessage(), e);
    }
  }
}
