package org.deepliftspark.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.reference.ReferenceSpec.ShuffleKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceSpecTest {
  @Test
  void everyFormIsParsed() {
    assertThat(ReferenceSpec.parse(" zeros ")).isEqualTo(new ReferenceSpec.Zeros());
    assertThat(ReferenceSpec.parse("background"))
        .isEqualTo(new ReferenceSpec.Background(List.of()));
    assertThat(ReferenceSpec.parse("background:0.3, 0.2,0.2,0.3"))
        .isEqualTo(new ReferenceSpec.Background(List.of(0.3f, 0.2f, 0.2f, 0.3f)));
    assertThat(ReferenceSpec.parse("dinuc-shuffle:7"))
        .isEqualTo(new ReferenceSpec.Shuffle(ShuffleKind.DINUCLEOTIDE, 7));
    assertThat(ReferenceSpec.parse("dinuc-shuffle"))
        .isEqualTo(new ReferenceSpec.Shuffle(ShuffleKind.DINUCLEOTIDE, 20));
    assertThat(ReferenceSpec.parse("deeplift-dinuc"))
        .isEqualTo(new ReferenceSpec.Shuffle(ShuffleKind.DEEPLIFT_DINUCLEOTIDE, 20));
    assertThat(ReferenceSpec.parse("mono-shuffle:1"))
        .isEqualTo(new ReferenceSpec.Shuffle(ShuffleKind.MONONUCLEOTIDE, 1));
    assertThat(ReferenceSpec.parse("npy:hdfs://host:9000/r"))
        .isEqualTo(new ReferenceSpec.Npy("hdfs://host:9000/r"));
    assertThat(ReferenceSpec.parse("s3a://bucket/r.NPY"))
        .isEqualTo(new ReferenceSpec.Npy("s3a://bucket/r.NPY"));
    assertThat(ReferenceSpec.parse("dir/r.npy")).isEqualTo(new ReferenceSpec.Npy("dir/r.npy"));
    assertThat(ReferenceSpec.parse("table:/t")).isEqualTo(new ReferenceSpec.Table("/t"));
    assertThat(ReferenceSpec.parse("hold")).isEqualTo(new ReferenceSpec.Hold());
  }

  @ParameterizedTest
  @CsvSource({
    "zeros,zeros", "background,background", "'background:0.3,0.7','background:0.3,0.7'",
        "mono-shuffle,mono-shuffle:20",
    "deeplift-dinuc:3,deeplift-dinuc:3", "r.npy,npy:r.npy", "table:t,table:t", "hold,hold"
  })
  void theTextComesBackWithDefaultsFilledIn(String given, String shown) {
    ReferenceSpec spec = ReferenceSpec.parse(given);
    assertThat(spec).hasToString(shown);
    assertThat(ReferenceSpec.parse(spec.toString())).isEqualTo(spec);
  }

  @ParameterizedTest(name = "references {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "dinuc-shufle:5   | Unknown references 'dinuc-shufle:5'. Did you mean dinuc-shuffle? Expected one of zeros, background[:A,C,G,T], dinuc-shuffle[:N],",
        "zeroes           | Unknown references 'zeroes'. Did you mean zeros? Expected one of zeros",
        "something-else   | Unknown references 'something-else'. Expected one of zeros",
        "''               | Unknown references ''. Expected one of zeros",
        "zeros:3          | Invalid references 'zeros:3': zeros takes no value",
        "hold:x           | Invalid references 'hold:x': hold takes no value",
        "dinuc-shuffle:0  | Invalid references 'dinuc-shuffle:0': expected a number of references above 0, found '0'",
        "dinuc-shuffle:-2 | expected a number of references above 0, found '-2'",
        "mono-shuffle:    | expected a number of references above 0, found ''",
        "mono-shuffle:2x  | expected a number of references above 0, found '2x'",
        "mono-shuffle:99999999999 | expected a number of references above 0, found '99999999999'",
        "background:0.3,x | Invalid references 'background:0.3,x': expected one number per channel separated by commas, found 'x'",
        "background:      | expected one number per channel separated by commas, found ''",
        "background:1,,2  | expected one number per channel separated by commas, found ''",
        "background:NaN   | expected one number per channel separated by commas, found 'NaN'",
        "npy:             | Invalid references 'npy:': expected a path after the colon",
        "table            | Invalid references 'table': expected a path after the colon",
      })
  void anythingElseIsRefusedInOneLine(String text, String message) {
    assertThatThrownBy(() -> ReferenceSpec.parse(text))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message)
        .extracting(Throwable::getMessage)
        .satisfies(line -> assertThat(line.toString()).doesNotContain("\n"));
  }
}
