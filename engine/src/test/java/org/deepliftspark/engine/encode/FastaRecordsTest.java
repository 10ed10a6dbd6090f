package org.deepliftspark.engine.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deepliftspark.engine.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FastaRecordsTest {
  private static final List<FastaRecord> EXPECTED =
      List.of(
          new FastaRecord("chr1:100-108(+)", "a peak -> TAL1", "ACGTacgtNN"),
          new FastaRecord("second", "", "GATTACA"),
          new FastaRecord("", "", "TTTT"),
          new FastaRecord("empty", "", ""),
          new FastaRecord("last", "x", "CC-*C"));

  private static final String FILE =
      ">chr1:100-108(+) a peak -> TAL1\nACGT\nacgt NN\n\n>second\nGATTACA\n>\nTTTT\n>empty\n>last\t x \nCC-\n*C\n";

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n"})
  void readsAWholeFile(String lineEnd) {
    assertThat(read(FILE.replace("\n", lineEnd))).isEqualTo(EXPECTED);
    assertThat(read(lineEnd + "\uFEFF" + FILE.replace("\n", lineEnd))).isEqualTo(EXPECTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n"})
  void readsTheTextsOfASplitterAsTheFile(String lineEnd) {
    String file = lineEnd + FILE.replace("\n", lineEnd);
    List<FastaRecord> records = new ArrayList<>();
    for (String text : file.split(FastaRecords.SEPARATOR, -1)) {
      FastaRecords.parse(text).ifPresent(records::add);
    }
    assertThat(records).isEqualTo(EXPECTED);
  }

  @Test
  void aRecordsTextMayKeepItsMark() {
    assertThat(FastaRecords.parse(">a b\nAC\nGT")).contains(new FastaRecord("a", "b", "ACGT"));
    assertThat(FastaRecords.parse("\uFEFF>a b\r\nAC")).contains(new FastaRecord("a", "b", "AC"));
    assertThat(FastaRecords.parse(" \r\n")).isEmpty();
  }

  @Test
  void textThatIsNotFastaIsRefused() {
    assertThat(FastaRecords.isFasta("\n >a")).isTrue();
    assertThat(FastaRecords.isFasta("chr1\t100\t200")).isFalse();
    assertThat(FastaRecords.isFasta(" \n")).isFalse();
    assertThat(read(" \n\n")).isEmpty();
    assertThatThrownBy(() -> read("ACGT\n>a\nACGT"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Cannot read x.fa: not FASTA, expected '>' at the start of the first line");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "chr1:100-300,          chr1, 100, 300,",
    "chr1:100-300(+),       chr1, 100, 300, +",
    "chr1:100-300(-),       chr1, 100, 300, -",
    "chrUn_KI270742v1:0-1(.), chrUn_KI270742v1, 0, 1, .",
    "HLA-A*01:01:5-9,       HLA-A*01:01, 5, 9,",
    "peak7::chr2:10-20(-),  chr2, 10, 20, -",
  })
  void placesInNamesAreParsed(String name, String chrom, long start, long end, String strand) {
    FastaRecord record = new FastaRecord(name, "", "A");
    assertThat(record.interval()).contains(new GenomicInterval(chrom, start, end, strand));
    assertThat(name).endsWith(record.interval().orElseThrow().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "seq1",
        "chr1",
        "chr1:100",
        "chr1:300-100",
        ":1-2",
        "chr1:1-2(x)",
        "chr1:-1-2",
        "chr1:1-99999999999999999999",
        "a b:1-2"
      })
  void otherNamesArePlacesOfNothing(String name) {
    assertThat(GenomicInterval.parse(name)).isEqualTo(Optional.empty());
  }

  private static List<FastaRecord> read(String text) {
    List<FastaRecord> records = new ArrayList<>();
    FastaRecords.read(new StringReader(text), "x.fa").forEachRemaining(records::add);
    return records;
  }
}
