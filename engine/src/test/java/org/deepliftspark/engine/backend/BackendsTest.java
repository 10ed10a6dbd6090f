package org.deepliftspark.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.program.Program;
import org.junit.jupiter.api.Test;

class BackendsTest {
  private final AtomicInteger started = new AtomicInteger();

  @Test
  void autoTakesThePreferredBackendAndStartsNoOther() {
    List<Backend> backends = Backends.ordered(List.of(runs("zeta"), runs("nd4j"), runs("onnx")));
    assertThat(Backends.select("auto", backends).name()).isEqualTo("onnx");
    assertThat(started).hasValue(1);
  }

  @Test
  void autoTakesTheFastestForAProgramBeforeOthers() {
    Program program = new Program(List.of(), List.of(), new Program.Sizes(1, 1, 1));
    List<Backend> all = List.of(runs("onnx"), fast("cpu"), runs("nd4j"));
    assertThat(Backends.fastestFirst(all, program))
        .extracting(Backend::name)
        .containsExactly("cpu", "onnx", "nd4j");
    List<Backend> none = List.of(runs("onnx"), runs("cpu"), runs("nd4j"));
    assertThat(Backends.fastestFirst(none, program)).isEqualTo(none);
  }

  @Test
  void autoPassesOverWhatCannotRun() {
    List<Backend> backends =
        Backends.ordered(List.of(runs("nd4j"), broken("onnx", "no such library")));
    assertThat(Backends.select("auto", backends).name()).isEqualTo("nd4j");
  }

  @Test
  void autoGivesEveryReasonWhereNothingRuns() {
    List<Backend> backends =
        List.of(broken("onnx", "no such library"), broken("nd4j", "no memory"));
    assertThatThrownBy(() -> Backends.select("auto", backends))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("No backend can run here: onnx: no such library; nd4j: no memory");
    assertThatThrownBy(() -> Backends.select("auto", List.of()))
        .hasMessage("No backend can run here: there is none on the class path");
  }

  @Test
  void unlistedBackendsComeLastByName() {
    assertThat(Backends.ordered(List.of(runs("zeta"), runs("alpha"), runs("nd4j"), runs("onnx"))))
        .extracting(Backend::name)
        .containsExactly("onnx", "nd4j", "alpha", "zeta");
  }

  @Test
  void forcedBackendThatCannotRunIsAnErrorWithItsReason() {
    assertThatThrownBy(
            () -> Backends.select("onnx", List.of(runs("nd4j"), broken("onnx", "no such library"))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Backend 'onnx' cannot run here: no such library");
  }

  @Test
  void unknownNameListsTheKnownOnes() {
    assertThatThrownBy(() -> Backends.select("onix", List.of(runs("onnx"), runs("nd4j"))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Unknown backend 'onix': expected one of auto, onnx, nd4j");
    assertThat(started).hasValue(0);
  }

  private Backend runs(String name) {
    return new NamedBackend(name, Optional.empty(), false, started);
  }

  private Backend fast(String name) {
    return new NamedBackend(name, Optional.empty(), true, started);
  }

  private Backend broken(String name, String reason) {
    return new NamedBackend(name, Optional.of(reason), false, started);
  }

  private record NamedBackend(
      String name, Optional<String> reason, boolean isFast, AtomicInteger started)
      implements Backend {
    @Override
    public boolean isFastestFor(Program program) {
      return isFast;
    }

    @Override
    public Optional<String> unavailable() {
      started.incrementAndGet();
      return reason;
    }

    @Override
    public Executable compile(Program program, BackendOptions options) {
      throw new UnsupportedOperationException("chosen, never run");
    }
  }
}
