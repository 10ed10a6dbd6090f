package org.deepliftspark.job.scores;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfTest {

  /** Bits that numpy 2.4 gives for {@code np.float16(np.float32(x)).view(np.uint16)}. */
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 32768",
    "1, 15360",
    "-2, 49152",
    "0.1, 11878",
    "65504, 31743",
    "65519, 31743",
    "65520, 31744",
    "-1e9, 64512",
    "6.1035156e-5, 1024",
    "6.0975552e-5, 1023",
    "5.9604645e-8, 1",
    "2.9802322e-8, 0",
    "2.98024e-8, 1",
    "1.00048828125, 15360",
    "1.00146484375, 15362",
    "6.1020255e-5, 1024"
  })
  void roundsAsNumpyDoes(float number, int bits) {
    assertThat(Half.of(number) & 0xffff).isEqualTo(bits);
  }

  @Test
  void everyNumberComesBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float number = Half.toFloat((short) bits);
      if (!Float.isNaN(number)) {
        assertThat(Half.of(number)).isEqualTo((short) bits);
      }
    }
    assertThat(Half.toFloat(Half.of(Float.NaN))).isNaN();
  }

  @Test
  void roundsToTheNearer() {
    for (int bits = 0; bits < 0x7bff; bits++) {
      float low = Half.toFloat((short) bits);
      float high = Half.toFloat((short) (bits + 1));
      float middle = (low + high) / 2;
      assertThat(Half.of(Math.nextDown(middle))).isEqualTo((short) bits);
      assertThat(Half.of(Math.nextUp(middle))).isEqualTo((short) (bits + 1));
      assertThat(Half.of(middle) & 1).isZero();
    }
  }
}
