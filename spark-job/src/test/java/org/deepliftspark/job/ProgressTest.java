package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressTest {

  @Test
  void aLineSaysHowFarHowFastAndHowLong() {
    assertThat(Progress.line(1200, 8000, 4))
        .isEqualTo("Scored 1,200 of 8,000 rows (15 %), 300 rows/s, 23 s left");
    assertThat(Progress.line(8000, 8000, 4)).endsWith("(100 %), 2,000 rows/s, 0 s left");
    assertThat(Progress.line(1, 8000, 4)).endsWith("(0 %), 0.25 rows/s, 8 h 53 min left");
  }

  @Test
  void longTimesAreGivenInMinutesAndHours() {
    assertThat(Progress.duration(59)).isEqualTo("59 s");
    assertThat(Progress.duration(61)).isEqualTo("1 min 1 s");
    assertThat(Progress.duration(7380)).isEqualTo("2 h 3 min");
  }
}
