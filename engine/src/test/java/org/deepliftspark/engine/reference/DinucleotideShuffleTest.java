package org.deepliftspark.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DinucleotideShuffleTest {
  /** Case T16 of the reference implementation's tests, which miss the last of the 199 pairs. */
  @Test
  void t16EveryPairIsKeptIn1000RandomSequences() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1000; i++) {
      String letters = i % 2 == 0 ? "ACGT" : "AAAAAACGTTTTTT";
      String sequence = Shuffles.randomSequence(random, letters, 200);
      String shuffled = Shuffles.of("dinuc-shuffle:1", sequence, random.nextLong()).get(0);
      assertThat(Shuffles.words(shuffled, 2)).isEqualTo(Shuffles.words(sequence, 2));
      assertThat(shuffled)
          .startsWith(sequence.substring(0, 1))
          .endsWith(sequence.substring(199))
          .isNotEqualTo(sequence);
    }
  }

  @ParameterizedTest(name = "{0} has {1}")
  @CsvSource({
    "ACCCACGATGATA, 72",
    "AACAGATAACCA, 360",
    "GATTACAGATTACA, 90",
    "AAAAAATAC, 6",
    "ACACGCGTGTAT, 30",
  })
  void allSequencesWithTheSamePairsAreEquallyLikely(String sequence, int distinct) {
    Set<String> possible = Shuffles.sameDinucleotides(sequence);
    assertThat(possible).hasSize(distinct);

    Map<String, Integer> drawn = new TreeMap<>();
    for (String shuffle : Shuffles.of("dinuc-shuffle:" + 500 * distinct, sequence, 7)) {
      drawn.merge(shuffle, 1, Integer::sum);
    }
    assertThat(drawn.keySet()).isEqualTo(possible);
    assertThat(Shuffles.chiSquare(drawn, distinct)).isLessThan(Shuffles.chiSquareLimit(distinct));
  }

  @Test
  void drawsOfDifferentRowsAreAsUniformAsDrawsOfOneRow() {
    String sequence = "ACCCACGATGATA";
    Map<String, Integer> drawn = new TreeMap<>();
    for (int row = 0; row < 36_000; row++) {
      drawn.merge(
          Shuffles.of("dinuc-shuffle:1", sequence, RowSeed.of(1, "row" + row)).get(0),
          1,
          Integer::sum);
    }
    assertThat(drawn).hasSize(72);
    assertThat(Shuffles.chiSquare(drawn, 72)).isLessThan(Shuffles.chiSquareLimit(72));
  }

  @Test
  void unknownLettersStayAndTheStretchesBetweenThemAreShuffledAlone() {
    String left = "GATTACACATTAGGACA";
    String right = "CCATGCATTTGCAGATC";
    String sequence = "NN" + left + "NNN" + right + "N";
    List<String> shuffles = Shuffles.of("dinuc-shuffle:50", sequence, 3);
    for (String shuffle : shuffles) {
      assertThat(shuffle).startsWith("NN").endsWith("N");
      String[] stretches = shuffle.substring(2, shuffle.length() - 1).split("NNN");
      assertThat(stretches).hasSize(2);
      assertThat(Shuffles.words(stretches[0], 2)).isEqualTo(Shuffles.words(left, 2));
      assertThat(Shuffles.words(stretches[1], 2)).isEqualTo(Shuffles.words(right, 2));
      assertThat(stretches[0].charAt(0)).isEqualTo('G');
      assertThat(stretches[1].charAt(0)).isEqualTo('C');
    }
    assertThat(shuffles).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({"A", "AC", "ACG", "NNNN", "ANCNG", "ACACACACAC", "AAAAAAA", "NACGN"})
  void whatHasOnlyOneOrderKeepsIt(String sequence) {
    assertThat(Shuffles.of("dinuc-shuffle:5", sequence, 11)).containsOnly(sequence);
  }
}
