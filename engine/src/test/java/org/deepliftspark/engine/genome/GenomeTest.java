package org.deepliftspark.engine.genome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.bytes.ByteSource;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GenomeTest {
  private static final Map<String, String> CHROMS = new LinkedHashMap<>();

  static {
    CHROMS.put("chr1", GenomeFiles.draw(1003, 1));
    CHROMS.put("chr2", GenomeFiles.draw(60, 2));
    CHROMS.put("empty", "");
    CHROMS.put("chrUn_x", GenomeFiles.draw(2501, 3));
  }

  static Stream<Arguments> genomes() {
    byte[] unix = GenomeFiles.fasta(CHROMS, 60, "\n");
    byte[] windows = GenomeFiles.fasta(CHROMS, 7, "\r\n");
    return Stream.of(
        Arguments.of(Named.of("FASTA", fasta(unix))),
        Arguments.of(Named.of("FASTA with CRLF and short lines", fasta(windows))),
        Arguments.of(Named.of("bgzip in blocks of 100", bgzf(unix, 100))),
        Arguments.of(Named.of("bgzip in one block", bgzf(unix, 60000))),
        Arguments.of(Named.of("2bit", twoBit(ByteOrder.LITTLE_ENDIAN, 0))),
        Arguments.of(Named.of("2bit, other byte order", twoBit(ByteOrder.BIG_ENDIAN, 0))),
        Arguments.of(Named.of("2bit, 64-bit offsets", twoBit(ByteOrder.LITTLE_ENDIAN, 1))));
  }

  private static Genome fasta(byte[] text) {
    return new FastaGenome(ByteSource.of(text), index(text), "x.fa");
  }

  private static FastaIndex index(byte[] text) {
    return FastaIndex.of(new ByteArrayInputStream(text), "x.fa");
  }

  private static Genome bgzf(byte[] text, int blockBytes) {
    GenomeFiles.Bgzf file = GenomeFiles.bgzf(text, blockBytes);
    BgzfIndex gzi = BgzfIndex.read(file.gzi(), "x.fa.gz.gzi");
    return new FastaGenome(
        new BgzfSource(ByteSource.of(file.bytes()), gzi), index(text), "x.fa.gz");
  }

  private static Genome twoBit(ByteOrder order, int version) {
    byte[] bytes = GenomeFiles.twoBit(CHROMS, order, version);
    assertThat(TwoBitGenome.isTwoBit(bytes)).isTrue();
    return TwoBitGenome.open(ByteSource.of(bytes), "x.2bit");
  }

  @ParameterizedTest
  @MethodSource("genomes")
  void anyPlaceGivesItsBases(Genome genome) {
    Random random = new Random(5);
    CHROMS.forEach(
        (chrom, letters) -> {
          assertThat(genome.length(chrom)).isEqualTo(letters.length());
          for (int i = 0; i < 200; i++) {
            int start = random.nextInt(letters.length() + 1);
            int end = start + random.nextInt(letters.length() - start + 1);
            assertThat(genome.bases(chrom, start, end).toUpperCase(Locale.ROOT))
                .isEqualTo(letters.substring(start, end).toUpperCase(Locale.ROOT));
          }
        });
    assertThat(genome.length("chr3")).isEqualTo(-1);
    assertThatThrownBy(() -> genome.bases("chr2", 50, 61))
        .isInstanceOf(IndexOutOfBoundsException.class);
    genome.close();
  }

  @Test
  void whatLiesOffTheChromosomeIsN() {
    Genome genome = fasta(GenomeFiles.fasta(Map.of("c", "ACGT"), 3, "\n"));
    assertThat(genome.padded("c", -2, 3)).isEqualTo("NNACG");
    assertThat(genome.padded("c", 2, 7)).isEqualTo("GTNNN");
    assertThat(genome.padded("c", -1, 5)).isEqualTo("NACGTN");
    assertThat(genome.padded("c", 9, 12)).isEqualTo("NNN");
    assertThat(genome.padded("c", -9, -6)).isEqualTo("NNN");
  }

  @Test
  void anIndexThatIsMadeIsTheOneOfSamtools() {
    // samtools faidx on this text writes these lines
    String text = ">a x\nACGTA\nACG\n>b\nAC\n\n>c\r\nACG\r\nA\r\n";
    FastaIndex made = index(text.getBytes());
    String fai = "a\t8\t5\t5\t6\nb\t2\t18\t2\t3\nc\t4\t26\t3\t5\n";
    assertThat(made).isEqualTo(FastaIndex.read(new StringReader(fai), "x.fai"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ">a\\nACG\\nAC\\nACG\\n|lines of a differ in length",
        ">a\\nACG\\nACGT\\n|lines of a differ in length",
        ">a\\nACG\\n\\nACG\\n|lines of a differ in length",
        "ACG\\n>a\\nACG\\n|not FASTA, expected '>' at the start of the first line"
      })
  void aFastaThatCannotBeIndexedIsRefused(String text, String message) {
    byte[] bytes = text.replace("\\n", "\n").getBytes();
    assertThatThrownBy(() -> index(bytes))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot read x.fa: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chr1|expected five",
        "chr1 5 5 5|four columns",
        "chr1 5 5 5 6 7|six columns as of FASTQ",
        "chr1 -5 5 5 6|negative",
        "chr1 5 5 0 6|no bases per line",
        "chr1 5 5 7 6|lines shorter than their bases",
        "chr1 x 5 5 6|no number"
      })
  void anIndexOfSamtoolsThatMakesNoSenseIsRefused(String line, String why) {
    assertThatThrownBy(
            () ->
                FastaIndex.read(
                    new StringReader("ok\t1\t4\t1\t2\n" + line.replace(' ', '\t')), "x"))
        .as(why)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot read x: line 2 is not 'name, bases, offset,");
  }

  @ParameterizedTest
  @CsvSource({"100,1,60,61", "9,3,3,4", "5,17,4,5", "9,0,1,2000000000"})
  void anIndexOfAnotherFileIsNoticed(long bases, long offset, int line, int bytes) {
    String fai = "c\t" + bases + "\t" + offset + "\t" + line + "\t" + bytes + "\n";
    byte[] text = GenomeFiles.fasta(Map.of("c", "ACGTA"), 2, "\n");
    FastaIndex index = FastaIndex.read(new StringReader(fai), "x.fai");
    Genome genome = new FastaGenome(ByteSource.of(text), index, "x.fa");
    assertThatThrownBy(() -> genome.bases("c", 0, bases))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read c of x.fa: the file does not match its .fai index, or was cut; make the"
                + " index anew with samtools faidx");
  }

  @Test
  void everyCutOfACompressedGenomeIsNoticed() {
    byte[] text = GenomeFiles.fasta(CHROMS, 60, "\n");
    GenomeFiles.Bgzf file = GenomeFiles.bgzf(text, 300);
    int lastData = file.bytes().length - 28;
    for (int cut = 1; cut < lastData; cut += 37) {
      byte[] bytes = Arrays.copyOf(file.bytes(), cut);
      assertThatThrownBy(() -> readAll(file.gzi(), bytes, text))
          .as("cut at " + cut)
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("Cannot read x.fa.gz");
    }
    for (int cut = 0; cut < file.gzi().length; cut += 5) {
      byte[] gzi = Arrays.copyOf(file.gzi(), cut);
      assertThatThrownBy(() -> readAll(gzi, file.bytes(), text))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "Cannot read x.fa.gz.gzi: not a .gzi index, or cut; make it anew with bgzip -r");
    }
  }

  @Test
  void offsetsAtTheEndOfAllNumbersAreNotFollowed() {
    byte[] text = GenomeFiles.fasta(CHROMS, 60, "\n");
    GenomeFiles.Bgzf file = GenomeFiles.bgzf(text, 300);
    byte[] gzi = file.gzi().clone();
    ByteBuffer last = ByteBuffer.wrap(gzi).order(ByteOrder.LITTLE_ENDIAN);
    last.putLong(gzi.length - 16, Long.MAX_VALUE);
    assertThatThrownBy(() -> readAll(gzi, file.bytes(), text))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read x.fa.gz: the file ends within a block, at byte " + file.bytes().length);
    assertThatThrownBy(
            () -> ByteSource.of(new byte[9]).read(Long.MAX_VALUE, ByteBuffer.allocate(2)))
        .isInstanceOf(EOFException.class);
  }

  @Test
  void namesOfOnePlaceInATwoBitFileAreNotKeptTwice() throws IOException {
    int names = 200;
    byte[] one = GenomeFiles.twoBit(Map.of("n000", "NA".repeat(2000)), ByteOrder.BIG_ENDIAN, 0);
    int head = 16 + 9;
    ByteBuffer many = ByteBuffer.allocate(16 + 9 * names + one.length - head);
    many.put(one, 0, 16).putInt(8, names);
    for (int i = 0; i < names; i++) {
      many.put((byte) 4).put(String.format("n%03d", i).getBytes(StandardCharsets.US_ASCII));
      many.putInt(16 + 9 * names);
    }
    many.put(one, head, one.length - head);
    try (TwoBitGenome genome = TwoBitGenome.open(ByteSource.of(many.array()), "x.2bit")) {
      for (int i = 0; i < names; i++) {
        assertThat(genome.bases(String.format("n%03d", i), 0, 4)).isEqualTo("NANA");
        assertThat(genome.keptStretches()).isLessThanOrEqualTo(many.capacity() / 8);
      }
    }
  }

  private static void readAll(byte[] gzi, byte[] bytes, byte[] text) {
    BgzfIndex index = BgzfIndex.read(gzi, "x.fa.gz.gzi");
    Genome genome =
        new FastaGenome(new BgzfSource(ByteSource.of(bytes), index), index(text), "x.fa.gz");
    CHROMS.forEach((chrom, letters) -> genome.bases(chrom, 0, letters.length()));
  }

  @Test
  void aFlippedByteOfACompressedGenomeIsNoticed() {
    byte[] text = GenomeFiles.fasta(CHROMS, 60, "\n");
    GenomeFiles.Bgzf file = GenomeFiles.bgzf(text, 300);
    byte[] bytes = file.bytes().clone();
    bytes[100] ^= 1;
    assertThatThrownBy(() -> readAll(file.gzi(), bytes, text))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot read x.fa.gz: damaged block at byte 0");
  }

  @Test
  void plainGzipIsToldFromBgzip() {
    byte[] bgzf = GenomeFiles.bgzf(new byte[5], 10).bytes();
    assertThat(BgzfSource.isBgzf(bgzf)).isTrue();
    bgzf[3] = 0;
    assertThat(BgzfSource.isBgzf(bgzf)).isFalse();
    assertThat(BgzfSource.isGzip(bgzf)).isTrue();
  }

  @Test
  void everyCutOfATwoBitFileIsNoticed() {
    byte[] whole = GenomeFiles.twoBit(CHROMS, ByteOrder.LITTLE_ENDIAN, 0);
    for (int cut = 0; cut < whole.length; cut += 3) {
      byte[] bytes = Arrays.copyOf(whole, cut);
      assertThatThrownBy(
              () -> {
                Genome genome = TwoBitGenome.open(ByteSource.of(bytes), "x.2bit");
                CHROMS.forEach((chrom, letters) -> genome.bases(chrom, 0, letters.length()));
              })
          .as("cut at " + cut)
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("Cannot read x.2bit: ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "8,it says 4294967295 sequences",
    "48,chr1 says 4294967295 bases",
    "52,chr1 says 4294967295 stretches"
  })
  void absurdSizesInATwoBitFileAreNotBelieved(int at, String message) {
    byte[] bytes =
        GenomeFiles.twoBit(
            new LinkedHashMap<>(Map.of("chr1", "ACGT".repeat(9))), ByteOrder.LITTLE_ENDIAN, 0);
    int offset = at == 8 ? 8 : at - 48 + 16 + 1 + 4 + 4;
    Arrays.fill(bytes, offset, offset + 4, (byte) 255);
    assertThatThrownBy(() -> TwoBitGenome.open(ByteSource.of(bytes), "x.2bit").length("chr1"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot read x.2bit: " + message);
  }
}
