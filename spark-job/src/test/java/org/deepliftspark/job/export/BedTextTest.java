package org.deepliftspark.job.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.deepliftspark.engine.encode.GenomicInterval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ids and chromosomes come from tables that nobody curated; a line stays a line. */
class BedTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\u00a7',
      value = {
        "<script>alert(1)</script>;<script>alert(1)</script>",
        "=cmd|' /C calc'!A0;'=cmd|' /C calc'!A0",
        "+1+1;'+1+1",
        "-2+3;'-2+3",
        "@SUM(A1);'@SUM(A1)",
        "\"a,b\";'\"a,b\"",
        "a,b;a,b",
        "-;-",
        "peak=7;peak=7",
        "caf\u00e9;caf\u00e9"
      })
  void aNameStartsNoFormula(String name, String shown) {
    assertThat(BedText.name(name)).isEqualTo(shown);
  }

  @Test
  void aNameStartsNoColumnAndNoLine() {
    String name = "a\tb\r\nc\u2028d\u0085e\u000bf\u001b[31mg\u0000\u202e";
    assertThat(BedText.name(name)).isEqualTo("a b c d e f?[31mg??");
    String line = BedText.line(new GenomicInterval("chr1\t0\n", 5, 9, null), name, 7);
    assertThat(line.split("\t", -1))
        .containsExactly("chr1 0", "5", "9", "a b c d e f?[31mg??", "7", ".");
    assertThat(line.lines()).hasSize(1);
  }

  @Test
  void aChromosomeOfBedGraphIsOneColumn() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BedGraphTrack track = new BedGraphTrack(out);
    track.add("chr1\nchr2\t0\t9\t1\n", 3, new float[] {0.5f}, 1);
    track.add("=1+1", 0, new float[] {2}, 1);
    track.finish();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("chr1 chr2 0 9 1\t3\t4\t0.5\n'=1+1\t0\t1\t2.0\n");
  }
}
