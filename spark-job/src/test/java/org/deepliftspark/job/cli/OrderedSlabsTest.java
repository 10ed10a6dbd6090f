package org.deepliftspark.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderedSlabsTest {

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "10, 3, 2", "100, 1, 4", "7, 50, 3"})
  void handsEveryRowOverOnceAndInOrder(int rows, int slab, int threads) throws Exception {
    List<Integer> seen = new ArrayList<>();
    OrderedSlabs.run(
        rows,
        slab,
        threads,
        (from, count) -> {
          Thread.sleep(from % 3); // later slabs end first
          return List.of(from, count);
        },
        part -> {
          for (int i = 0; i < part.get(1); i++) {
            seen.add(part.get(0) + i);
          }
        });
    assertThat(seen).hasSize(rows).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aFailureEndsTheWorkAndComesThroughAsItWas() {
    AtomicInteger begun = new AtomicInteger();
    assertThatThrownBy(
            () ->
                OrderedSlabs.run(
                    1000,
                    1,
                    2,
                    (from, count) -> {
                      begun.incrementAndGet();
                      throw new IllegalStateException("row " + from);
                    },
                    part -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("row 0");
    assertThat(begun.get()).isLessThan(10);
  }

  @Test
  void anErrorComesThroughAsItWas() {
    assertThatThrownBy(
            () ->
                OrderedSlabs.run(
                    1,
                    1,
                    1,
                    (from, count) -> {
                      throw new OutOfMemoryError("heap");
                    },
                    part -> {}))
        .isInstanceOf(OutOfMemoryError.class);
  }
}
