package org.deepliftspark.job.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExecutableCacheTest {
  private final ExecutableCache cache = new ExecutableCache();

  private static DeepLift engine() {
    GraphBuilder builder = new GraphBuilder("sum");
    Op sum = new Op.Dense(Tensor.filled(1f, Shape.of(2, 1)), null);
    builder.output("y", builder.add("y", sum, builder.input("x", Shape.of(2))));
    Graph graph = builder.build();
    ReferenceMode zeros = ReferenceMode.shared(Tensor.filled(0f, Shape.of(1, 2)));
    return DeepLift.open(graph, DeepLiftOptions.builder().references(List.of(zeros)).build());
  }

  @AfterEach
  void close() {
    cache.closeIdle();
  }

  @Test
  void manyThreadsShareOneEngine() throws Exception {
    AtomicInteger opened = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Callable<DeepLift> task =
          () -> {
            try (ExecutableCache.Lease lease =
                cache.lease(
                    "a",
                    () -> {
                      opened.incrementAndGet();
                      return engine();
                    })) {
              return lease.engine();
            }
          };
      List<DeepLift> engines = new ArrayList<>();
      for (Future<DeepLift> future : threads.invokeAll(Collections.nCopies(40, task))) {
        engines.add(future.get());
      }
      assertThat(opened).hasValue(1);
      assertThat(engines).hasSize(40).containsOnly(engines.get(0));
      assertThat(cache.opened()).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aFailureToOpenIsNotRemembered() {
    assertThatThrownBy(
            () ->
                cache.lease(
                    "a",
                    () -> {
                      throw new IllegalStateException("no memory");
                    }))
        .hasMessage("no memory");
    try (ExecutableCache.Lease lease = cache.lease("a", ExecutableCacheTest::engine)) {
      assertThat(lease.engine().targets()).hasSize(1);
    }
  }

  @Test
  void unusedEnginesAreClosedWhenThereAreMoreThanAFew() {
    DeepLift first = open("a");
    ExecutableCache.Lease used = cache.lease("b", ExecutableCacheTest::engine);
    open("c");
    open("d");
    open("e");
    assertThat(open("a")).isNotSameAs(first);
    assertThat(open("b")).isSameAs(used.engine());
    used.engine().newSession().close();
    used.close();
    used.close();
    assertThat(cache.opened()).isEqualTo(6);
  }

  private DeepLift open(String key) {
    try (ExecutableCache.Lease lease = cache.lease(key, ExecutableCacheTest::engine)) {
      return lease.engine();
    }
  }
}
