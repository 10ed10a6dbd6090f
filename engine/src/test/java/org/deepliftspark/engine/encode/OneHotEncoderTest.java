package org.deepliftspark.engine.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deepliftspark.engine.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OneHotEncoderTest {
  private static final float[] BACKGROUND = {0.3f, 0.2f, 0.2f, 0.3f};

  @Test
  void basesBecomeOnesInTheOrderAcgt() {
    EncodedSequence encoded = encoder(5, LengthPolicy.REJECT, UnknownBase.ZERO).encode("gATNc");
    assertThat(encoded.accepted()).isTrue();
    assertThat(encoded.sequence()).isEqualTo("GATNC");
    assertThat(encoded.offset()).isZero();
    assertThat(encoded.numbers())
        .containsExactly(
            0, 0, 1, 0, //
            1, 0, 0, 0, //
            0, 0, 0, 1, //
            0, 0, 0, 0, //
            0, 1, 0, 0);
    assertThat(OneHotEncoder.decode(encoded.numbers())).isEqualTo("GATNC");
  }

  @Test
  void bytesAreEncodedAsStringsAre() {
    OneHotEncoder encoder = encoder(4, LengthPolicy.REJECT, UnknownBase.ZERO);
    assertThat(encoder.encode(new byte[] {'A', 'c', 'N', 'T'}))
        .usingRecursiveComparison()
        .isEqualTo(encoder.encode("AcNT"));
    assertThat(encoder.encode(new byte[] {'A', 'c', (byte) 0xE4, 'T'}).rejection().reason())
        .isEqualTo("unknown base '\\u00e4' at 3");
  }

  @Test
  void unknownBasesBecomeBackgroundFrequenciesWhereAskedFor() {
    EncodedSequence encoded = encoder(3, LengthPolicy.PAD, UnknownBase.BACKGROUND).encode("AR");
    assertThat(encoded.sequence()).isEqualTo("ANN");
    assertThat(encoded.numbers())
        .containsExactly(1, 0, 0, 0, 0.3f, 0.2f, 0.2f, 0.3f, 0.3f, 0.2f, 0.2f, 0.3f);
    OneHotEncoder equal = OneHotEncoder.of(1, LengthPolicy.REJECT, UnknownBase.BACKGROUND, null);
    assertThat(equal.encode("N").numbers()).containsExactly(0.25f, 0.25f, 0.25f, 0.25f);
    assertThat(equal.unknownRow()).containsExactly(0.25f, 0.25f, 0.25f, 0.25f);
  }

  @ParameterizedTest(name = "{0} {1} of length {2} becomes {3} at offset {4}")
  @CsvSource({
    "CENTER, ACGTACG, 3, GTA,       2",
    "CENTER, ACGTACG, 4, CGTA,      1",
    "CENTER, ACGTACG, 5, CGTAC,     1",
    "CENTER, ACGTACG, 6, ACGTAC,    0",
    "CENTER, ACGTACG, 7, ACGTACG,   0",
    "CENTER, ACGTACG, 8, ACGTACGN,  0",
    "CENTER, ACGTACG, 9, NACGTACGN, -1",
    "CENTER, ACGTACG, 10, NACGTACGNN, -1",
    "PAD,    ACGTACG, 7, ACGTACG,   0",
    "PAD,    ACGTACG, 9, ACGTACGNN, 0",
    "REJECT, ACGTACG, 7, ACGTACG,   0",
  })
  void theLengthPolicyFitsTheSequence(
      LengthPolicy policy, String given, int length, String fitted, int offset) {
    EncodedSequence encoded = encoder(length, policy, UnknownBase.ZERO).encode(given);
    assertThat(encoded.sequence()).isEqualTo(fitted);
    assertThat(encoded.offset()).isEqualTo(offset);
    assertThat(OneHotEncoder.decode(encoded.numbers())).isEqualTo(fitted);
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource({
    "REJECT, ZERO,       ACGTA,  LENGTH,       'length 5, model expects 6'",
    "REJECT, ZERO,       ACGTACG, LENGTH,      'length 7, model expects 6'",
    "PAD,    ZERO,       ACGTACG, LENGTH,      'length 7, model expects 6'",
    "REJECT, REJECT,     ACNTAC, UNKNOWN_BASE, unknown base 'N' at 3",
    "REJECT, REJECT,     ACGTAr, UNKNOWN_BASE, unknown base 'r' at 6",
    "REJECT, ZERO,       XCGTAC, UNKNOWN_BASE, unknown base 'X' at 1",
    "REJECT, BACKGROUND, ACG-AC, UNKNOWN_BASE, unknown base '-' at 4",
    "CENTER, ZERO,       ACGT>CGT, UNKNOWN_BASE, unknown base '>' at 5",
    "PAD,    ZERO,       '',     MISSING_SEQUENCE, no sequence",
    "CENTER, ZERO,       ,       MISSING_SEQUENCE, no sequence",
  })
  void aSequenceThatDoesNotFitComesBackWithItsReason(
      LengthPolicy policy, UnknownBase unknown, String given, Rejection.Kind kind, String reason) {
    EncodedSequence encoded = encoder(6, policy, unknown).encode(given);
    assertThat(encoded.accepted()).isFalse();
    assertThat(encoded.rejection()).isEqualTo(new Rejection(kind, reason));
    assertThat(encoded.numbers()).isNull();
  }

  @ParameterizedTest
  @EnumSource(UnknownBase.class)
  void basesThatAreCroppedAreNotLookedAt(UnknownBase unknown) {
    assertThat(encoder(4, LengthPolicy.CENTER, unknown).encode("NXACGTXN").sequence())
        .isEqualTo("ACGT");
  }

  @Test
  void paddingIsNoUnknownBaseOfTheUsers() {
    EncodedSequence encoded = encoder(4, LengthPolicy.PAD, UnknownBase.REJECT).encode("AC");
    assertThat(encoded.sequence()).isEqualTo("ACNN");
    assertThat(encoded.numbers()).containsExactly(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void decodingRefusesWhatIsNotOneHot() {
    assertThatThrownBy(() -> OneHotEncoder.decode(new float[] {1, 0, 0, 0, 0.5f, 0.5f, 0, 0}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Invalid one-hot sequence: position 2 holds [0.5, 0.5, 0.0, 0.0]");
    assertThatThrownBy(() -> OneHotEncoder.decode(new float[] {1, 0, 1, 0}))
        .hasMessageContaining("position 1 holds [1.0, 0.0, 1.0, 0.0]");
  }

  @Test
  void aBackgroundOfTheWrongSizeIsRefused() {
    assertThatThrownBy(
            () -> OneHotEncoder.of(4, LengthPolicy.PAD, UnknownBase.BACKGROUND, new float[3]))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Invalid background: expected 4 frequencies (A, C, G, T), found 3");
  }

  private static OneHotEncoder encoder(int length, LengthPolicy policy, UnknownBase unknown) {
    return OneHotEncoder.of(length, policy, unknown, BACKGROUND);
  }
}
