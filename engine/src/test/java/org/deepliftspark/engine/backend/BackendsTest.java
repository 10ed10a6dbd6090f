package org.deepliftspark.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;
import org.junit.jupiter.api.Test;

class BackendsTest {
  private final AtomicInteger started = new AtomicInteger();

  @Test
  void autoTakesThePreferredBackendAndStartsNoOther() {
    List<Backend> backends = ordered(runs("zeta"), runs("nd4j"), runs("onnx"));
    assertThat(select("auto", backends).name()).isEqualTo("onnx");
    assertThat(started).hasValue(1);
  }

  @Test
  void autoTakesTheFastestForAProgramBeforeOthers() {
    Program program = new Program(List.of(), List.of(), new Program.Sizes(1, 1, 1));
    List<Backend> all = List.of(runs("onnx"), fast("cpu"), runs("nd4j"));
    assertThat(Backends.ordered(all, program))
        .extracting(Backend::name)
        .containsExactly("cpu", "onnx", "nd4j");
    List<Backend> none = List.of(runs("onnx"), runs("cpu"), runs("nd4j"));
    assertThat(Backends.ordered(none, program)).isEqualTo(none);
  }

  @Test
  void autoPassesOverWhatCannotRun() {
    List<Backend> backends = ordered(runs("nd4j"), broken("onnx", "no such library"));
    assertThat(select("auto", backends).name()).isEqualTo("nd4j");
  }

  @Test
  void autoGivesEveryReasonWhereNothingRuns() {
    List<Backend> backends =
        List.of(broken("onnx", "no such library"), broken("nd4j", "no memory"));
    assertThatThrownBy(() -> select("auto", backends))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("No backend can run here: onnx: no such library; nd4j: no memory");
    assertThatThrownBy(() -> select("auto", List.of()))
        .hasMessage("No backend can run here: there is none on the class path");
  }

  @Test
  void autoTakesAGpuThatWorksAndOtherwiseTheProcessor() {
    Backend gpu = new NamedBackend("onnx:cuda", Optional.empty(), false, started, true);
    assertThat(select("auto", ordered(runs("onnx"), gpu)).name()).isEqualTo("onnx:cuda");
    Backend broken =
        new NamedBackend("onnx:cuda", Optional.of("no libcudnn"), false, started, true);
    assertThat(select("auto", ordered(runs("onnx"), broken)).name()).isEqualTo("onnx");
  }

  @Test
  void autoTimedTakesWhatIsTheFastest() {
    Program program = new Program(List.of(), List.of(), new Program.Sizes(1, 1, 1));
    Backend slow = new Sleeping("slow", 20);
    Backend fast = new Sleeping("fast", 1);
    List<Backend> backends = List.of(slow, fast, broken("onnx", "no such library"));
    assertThat(Backends.select("auto:timed", program, BackendOptions.DEFAULT, backends))
        .isSameAs(fast);
  }

  @Test
  void unlistedBackendsComeLastByName() {
    assertThat(ordered(runs("zeta"), runs("alpha"), runs("nd4j"), runs("onnx")))
        .extracting(Backend::name)
        .containsExactly("onnx", "nd4j", "alpha", "zeta");
  }

  @Test
  void forcedBackendThatCannotRunIsAnErrorWithItsReason() {
    assertThatThrownBy(
            () -> select("onnx", List.of(runs("nd4j"), broken("onnx", "no such library"))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Backend 'onnx' cannot run here: no such library");
  }

  @Test
  void unknownNameListsTheKnownOnes() {
    assertThatThrownBy(() -> select("onix", List.of(runs("onnx"), runs("nd4j"))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Unknown backend 'onix': expected one of auto, auto:timed, onnx, nd4j");
    assertThat(started).hasValue(0);
  }

  private static List<Backend> ordered(Backend... backends) {
    return Backends.ordered(List.of(backends), null);
  }

  private static Backend select(String name, List<Backend> backends) {
    return Backends.select(name, null, BackendOptions.DEFAULT, backends);
  }

  private Backend runs(String name) {
    return new NamedBackend(name, Optional.empty(), false, started, false);
  }

  private Backend fast(String name) {
    return new NamedBackend(name, Optional.empty(), true, started, false);
  }

  private Backend broken(String name, String reason) {
    return new NamedBackend(name, Optional.of(reason), false, started, false);
  }

  private record NamedBackend(
      String name, Optional<String> reason, boolean isFast, AtomicInteger started, boolean onGpu)
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

  /** Takes a time for every batch. */
  private record Sleeping(String name, long millis) implements Backend, Executable, Workspace {
    @Override
    public Optional<String> unavailable() {
      return Optional.empty();
    }

    @Override
    public Executable compile(Program program, BackendOptions options) {
      return this;
    }

    @Override
    public Workspace newWorkspace() {
      return this;
    }

    @Override
    public String description() {
      return name;
    }

    @Override
    public Map<String, Numbers> run(Batch batch) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return Map.of();
    }

    @Override
    public int preferredRows() {
      return 1;
    }

    @Override
    public void close() {}
  }
}
