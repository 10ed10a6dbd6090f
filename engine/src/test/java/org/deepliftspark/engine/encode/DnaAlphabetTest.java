package org.deepliftspark.engine.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DnaAlphabetTest {
  @Test
  void lowerCaseCountsAsUpperCaseAndIupacCodesAsUnknown() {
    assertThat("ACGTacgt".chars().map(letter -> DnaAlphabet.index((char) letter)))
        .containsExactly(0, 1, 2, 3, 0, 1, 2, 3);
    assertThat("NRYSWKMBDHVnryswkmbdhv".chars().map(letter -> DnaAlphabet.index((char) letter)))
        .containsOnly(DnaAlphabet.UNKNOWN);
    assertThat(
            "UXEFIJLOPQZ-*. 1>\n\u00c4\u4e00"
                .chars()
                .map(letter -> DnaAlphabet.index((char) letter)))
        .containsOnly(DnaAlphabet.INVALID);
  }

  @Test
  void theReverseComplementIsTheOtherStrandWithItsCodesAndCase() {
    assertThat(DnaAlphabet.reverseComplement("ACGTTn")).isEqualTo("nAACGT");
    assertThat(DnaAlphabet.reverseComplement("RYSWKMBDHVN")).isEqualTo("NBDHVKMWSRY");
    assertThat(DnaAlphabet.reverseComplement("acGTr")).isEqualTo("yACgt");
    assertThat(DnaAlphabet.reverseComplement("")).isEmpty();
    assertThatThrownBy(() -> DnaAlphabet.reverseComplement("ACX"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Unknown base 'X' at 3");
  }

  @Test
  void theReverseComplementOfNumbersIsThatOfTheLetters() {
    String sequence = "GATTACANNCGT";
    OneHotEncoder encoder = OneHotEncoder.of(12, LengthPolicy.REJECT, UnknownBase.ZERO, null);
    float[] reversed = DnaAlphabet.reverseComplement(encoder.encode(sequence).numbers());
    assertThat(OneHotEncoder.decode(reversed))
        .isEqualTo(DnaAlphabet.reverseComplement(sequence))
        .isEqualTo("ACGNNTGTAATC");
  }
}
