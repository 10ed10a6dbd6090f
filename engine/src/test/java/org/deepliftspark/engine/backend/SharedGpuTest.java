package org.deepliftspark.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.deepliftspark.engine.program.Numbers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedGpuTest {
  private static final int THREADS = 6;
  private static final int CALLS = 10;

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void lessCallsThanThreadsAreOnTheGpuAtOnce(int concurrent) throws Exception {
    GpuOptions gpu = new GpuOptions(7, 0, GpuOptions.CONV_SEARCH_DEFAULT, false, concurrent);
    Counting counting = new Counting();
    Executable first = SharedGpu.of(counting, gpu);
    Executable second = SharedGpu.of(counting, gpu);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Executable executable = i % 2 == 0 ? first : second;
        running.add(threads.submit(() -> call(executable)));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(counting.most).hasValue(concurrent);
    assertThat(counting.calls).hasValue(THREADS * CALLS);
  }

  private static void call(Executable executable) {
    try (Workspace workspace = executable.newWorkspace()) {
      for (int i = 0; i < CALLS; i++) {
        assertThat(workspace.run(null)).isEmpty();
      }
    }
  }

  /** Counts the calls that run at the same time. */
  private static final class Counting implements Executable {
    final AtomicInteger now = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    final AtomicInteger calls = new AtomicInteger();

    @Override
    public Workspace newWorkspace() {
      return new Workspace() {
        @Override
        public Map<String, Numbers> run(Batch batch) {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          calls.incrementAndGet();
          try {
            Thread.sleep(2);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          now.decrementAndGet();
          return Map.of();
        }

        @Override
        public int preferredRows() {
          return 1;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public String description() {
      return "counting";
    }

    @Override
    public void close() {}
  }
}
