package org.deepliftspark.job.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deepliftspark.engine.InvalidInputException;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {

  @Test
  void aLimitIsASizeOrNone() {
    assertThat(NativeMemory.limitBytes("9g")).isEqualTo(9L << 30);
    assertThat(NativeMemory.limitBytes("150MB")).isEqualTo(150L << 20);
    assertThat(NativeMemory.limitBytes("123")).isEqualTo(123);
    assertThat(NativeMemory.limitBytes(null)).isZero();
    assertThat(NativeMemory.limitBytes("much")).isZero();
  }

  @Test
  void aProcessAboveItsLimitIsToldWhatHelps() {
    NativeMemory.refuse(100, 100);
    NativeMemory.refuse(100, 0); // no limit
    assertThatThrownBy(() -> NativeMemory.refuse(300L << 20, 200L << 20))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Out of native memory in a process of the job: 300 MB are resident,"
                + " -Dorg.bytedeco.javacpp.maxphysicalbytes allows 200 MB. Lower --memory-per-task or"
                + " --batch, run fewer tasks at once in an executor (spark.executor.cores), or raise"
                + " that limit together with spark.executor.memoryOverhead");
  }

  @Test
  void whatJavaCppRefusesIsExplainedAndNothingElse() {
    Throwable refused =
        new RuntimeException(new OutOfMemoryError("Physical memory usage is too high: 2048M > 2G"));
    assertThat(NativeMemory.explain(refused))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("of the job: Physical memory usage is too high: 2048M > 2G. Lower ")
        .hasCause(refused);
    Throwable heap = new OutOfMemoryError("Java heap space");
    assertThat(NativeMemory.explain(heap)).isSameAs(heap);
  }

  @Test
  void residentMemoryIsMeasured() {
    assertThat(NativeMemory.residentBytes()).isBetween(20L << 20, 1L << 40);
  }
}
