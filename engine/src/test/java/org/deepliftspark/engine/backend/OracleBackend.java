package org.deepliftspark.engine.backend;

import java.util.Map;
import java.util.Optional;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;

/**
 * The {@link OracleInterpreter} as a backend, so that what runs on a backend can be tried on it;
 * always in double.
 */
public final class OracleBackend implements Backend {

  @Override
  public String name() {
    return "oracle";
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  @Override
  public Executable compile(Program program, BackendOptions options) {
    return new OracleExecutable(new OracleInterpreter(program));
  }

  private record OracleExecutable(OracleInterpreter interpreter) implements Executable {
    @Override
    public Workspace newWorkspace() {
      return new OracleWorkspace(interpreter);
    }

    @Override
    public String description() {
      return "oracle (plain loops in double)";
    }

    @Override
    public void close() {}
  }

  private record OracleWorkspace(OracleInterpreter interpreter) implements Workspace {
    @Override
    public Map<String, Numbers> run(Batch batch) {
      return interpreter.run(batch);
    }

    @Override
    public int preferredRows() {
      return 1;
    }

    @Override
    public void close() {}
  }
}
