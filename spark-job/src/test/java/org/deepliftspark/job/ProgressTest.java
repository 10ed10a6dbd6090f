package org.deepliftspark.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {

  @Test
  void aLineSaysHowFarHowFastAndHowLong() {
    assertThat(Progress.line(1200, 8000, 300))
        .isEqualTo("Scored 1,200 of 8,000 rows (15 %), 300 rows/s, 23 s left");
    assertThat(Progress.line(8000, 8000, 2000)).endsWith("(100 %), 2,000 rows/s, 0 s left");
    assertThat(Progress.line(1, 8000, 0.25)).endsWith("(0 %), 0.25 rows/s, 8 h 53 min left");
  }

  @Test
  void theTimeLeftGoesByTheLastMinute() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Progress progress =
        new Progress(() -> 0, 1_000_000, new PrintStream(bytes, true, UTF_8))) {
      long start = System.nanoTime();
      for (int i = 1; i <= 24; i++) { // 100 rows/s for a minute, then 200
        long done = i <= 12 ? i * 500L : 6000 + (i - 12) * 1000L;
        progress.print(done, start + i * 5_000_000_000L);
        progress.print(done - 1, start + i * 5_000_000_000L + 1); // fewer than before: not news
      }
    }
    List<String> lines = bytes.toString(UTF_8).lines().toList();
    assertThat(lines).hasSize(24);
    assertThat(lines.get(5)).contains("Scored 3,000 of 1,000,000 rows (0 %), 100 rows/s");
    assertThat(lines.get(23)).contains("Scored 18,000 of 1,000,000 rows (1 %), 200 rows/s");
  }

  @Test
  void longTimesAreGivenInMinutesAndHours() {
    assertThat(Progress.duration(59)).isEqualTo("59 s");
    assertThat(Progress.duration(61)).isEqualTo("1 min 1 s");
    assertThat(Progress.duration(7380)).isEqualTo("2 h 3 min");
  }
}
