package org.deepliftspark.job.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.deepliftspark.job.Encoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreEncoderTest {

  /** Bits as {@code numpy.float32(x).astype('f2').view('u2')} gives them (NumPy 2.4). */
  @ParameterizedTest
  @CsvSource({
    "0, 0x0000",
    "-0.0, 0x8000",
    "1, 0x3C00",
    "-2, 0xC000",
    "0.1, 0x2E66",
    "65504, 0x7BFF",
    "65519.996, 0x7BFF",
    "65520, 0x7C00",
    "6.1035156E-5, 0x0400",
    "6.0975552E-5, 0x03FF",
    "5.9604645E-8, 0x0001",
    "2.9802322E-8, 0x0000",
    "2.9802326E-8, 0x0001",
    "8.940697E-8, 0x0002",
    "1.0004883, 0x3C00",
    "1.0014648, 0x3C02",
    "3.1415927, 0x4248",
    "6.103E-5, 0x0400"
  })
  void halvesAreRoundedAsNumpyRoundsThem(float number, String bits) {
    assertThat(ScoreEncoder.half(number) & 0xFFFF).isEqualTo(Integer.decode(bits));
  }

  @Test
  void whatSixteenBitsCannotHoldIsTold() {
    ScoreEncoder half = new ScoreEncoder(Encoding.F16);
    assertThat(half.holds(new float[] {65519, -65519})).isTrue();
    assertThat(half.holds(new float[] {65520})).isFalse();
    assertThat(half.holds(new float[] {Float.NaN})).isFalse();
    assertThat(new ScoreEncoder(Encoding.F32).holds(new float[] {1e38f})).isTrue();
    assertThat(new ScoreEncoder(Encoding.ARRAY).holds(new float[] {1 / 0f})).isFalse();
  }

  @Test
  void binaryIsLittleEndian() {
    byte[] bytes = (byte[]) new ScoreEncoder(Encoding.F32).store(new float[] {1.5f, -2});
    ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(numbers.getFloat()).isEqualTo(1.5f);
    assertThat(numbers.getFloat()).isEqualTo(-2f);
    assertThat((byte[]) new ScoreEncoder(Encoding.F16).store(new float[] {1}))
        .containsExactly(0x00, 0x3C);
  }
}
