package org.deepliftspark.job.motif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.deepliftspark.engine.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemeFileTest {
  private static final String HEAD =
      "MEME version 4\n\nALPHABET= ACGT\n\nstrands: + -\n\nBackground letter frequencies\n"
          + "A 0.3 C 0.2 G 0.2 T 0.3\n\n";

  @Test
  void readsNamesMatricesAndBackground() {
    MemeFile.Contents file =
        MemeFile.parse(
            HEAD
                + "MOTIF MA0035.4 GATA1\nletter-probability matrix: alength= 4 w= 2 nsites= 50 E= 0\n"
                + " 0.5 0.5 0 0\n 0.0\t0.0\t1.0\t0.0\nURL http://x\n\n"
                + "MOTIF bare\nletter-probability matrix:\n0.25 0.25 0.25 0.25\n",
            "x.meme");
    assertThat(file.background()).containsExactly(0.3, 0.2, 0.2, 0.3);
    assertThat(file.motifs()).hasSize(2);
    Motif gata = file.motifs().get(0);
    assertThat(gata.id()).isEqualTo("MA0035.4");
    assertThat(gata.name()).isEqualTo("GATA1");
    assertThat(gata.sites()).isEqualTo(50);
    assertThat(gata.probabilities()[0]).containsExactly(0.5, 0.5, 0, 0);
    assertThat(gata.consensus()).isEqualTo("AG");
    assertThat(file.motifs().get(1).name()).isEqualTo("bare");
  }

  @Test
  void readsTheExampleOfTheProject() throws Exception {
    String text = Files.readString(Path.of("src/main/resources/demo/motifs.meme"));
    assertThat(MemeFile.parse(text, "example").motifs())
        .hasSizeGreaterThan(20)
        .extracting(Motif::name)
        .contains("GATA1", "TAL1", "CTCF");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        ">chr1;Cannot read motifs x: expected a first line 'MEME version 4'",
        "MEME version 4|ALPHABET= ACDEFGHIKLMNPQRSTVWY;Invalid line 2 of x: expected ALPHABET= ACGT",
        "MEME version 4;Cannot read motifs x: it holds none",
        "MEME version 4|MOTIF a;Invalid line 2 of x: motif a has no letter-probability matrix",
        "MEME version 4|MOTIF;Invalid line 2 of x: expected a name after MOTIF",
        "MEME version 4|MOTIF a|letter-probability matrix: w= 2|1 0 0 0;Invalid line 4 of x: expected w= 2 lines of probabilities, found 1",
        "MEME version 4|MOTIF a|letter-probability matrix: w= 1|1 0 0;Invalid line 4 of x: expected 4 probabilities, found 3",
        "MEME version 4|MOTIF a|letter-probability matrix: w= 1|1 0 0 x;Invalid line 4 of x: 'x' is no number",
        "MEME version 4|MOTIF a|letter-probability matrix: w= 1|.5 0 0 0;Invalid line 4 of x: expected probabilities that sum to 1, found 0.5000",
        "MEME version 4|MOTIF a|letter-probability matrix: w= 1|1 0 0 NaN;Invalid line 4 of x: expected probabilities of at least 0",
        "MEME version 4|MOTIF a|letter-probability matrix: w= 1|1 0 0 0|MOTIF a|letter-probability matrix: w= 1|1 0 0 0;Invalid line 7 of x: motif a is there twice",
        "MEME version 4|Background letter frequencies|A .3;Invalid line 3 of x: expected background frequencies of A, C, G and T that sum to 1, found 0.3000"
      })
  void refusesWhatIsWrongWithItsLine(String text, String message) {
    assertThatThrownBy(() -> MemeFile.parse(text.replace('|', '\n'), "x"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(message);
  }
}
