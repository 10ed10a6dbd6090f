package org.deepliftspark.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.deepliftspark.engine.program.Numbers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelfCheckTest {

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "nd4j"})
  void everyBackendComputesTheSmallNetworkExactly(String name) {
    Backend backend = Backends.get(name);
    assertThat(SelfCheck.run(program -> backend.compile(program, BackendOptions.DEFAULT)))
        .isEmpty();
  }

  @Test
  void saysWhichNumberIsWrong() {
    assertThat(SelfCheck.run(program -> new Fixed(new float[] {1, 2})))
        .hasValueSatisfying(
            problem ->
                assertThat(problem).matches("a small network gives 1\\.0, expected -?\\d+\\.0"));
  }

  /** A device whose arithmetic is broken. */
  private record Fixed(float[] numbers) implements Executable, Workspace {
    @Override
    public Workspace newWorkspace() {
      return this;
    }

    @Override
    public Map<String, Numbers> run(Batch batch) {
      return Map.of("y", Numbers.of(numbers));
    }

    @Override
    public int preferredRows() {
      return 1;
    }

    @Override
    public String description() {
      return "fixed";
    }

    @Override
    public void close() {}
  }
}
