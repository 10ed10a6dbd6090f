package org.deepliftspark.engine.backend.nd4j;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program.Output;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Holds no memory between batches: whatever a batch makes is freed before its results are returned.
 */
final class Nd4jWorkspace implements Workspace {
  private final Nd4jExecutable executable;

  Nd4jWorkspace(Nd4jExecutable executable) {
    this.executable = executable;
  }

  @Override
  public Map<String, Numbers> run(Batch batch) {
    try (Values values = executable.run(batch)) {
      Map<String, Numbers> outputs = new LinkedHashMap<>();
      for (Output output : executable.program().outputs()) {
        outputs.put(output.name(), numbers(executable.array(output.value(), values)));
      }
      return outputs;
    }
  }

  private Numbers numbers(INDArray array) {
    return executable.type() == DataType.DOUBLE
        ? Numbers.of(array.data().asDouble())
        : Numbers.of(array.data().asFloat());
  }

  @Override
  public int preferredRows() {
    return executable.preferredRows();
  }

  @Override
  public void close() {}
}
