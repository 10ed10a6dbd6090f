package org.deepliftspark.job.motif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.job.motif.MotifMatcher.Match;
import org.junit.jupiter.api.Test;

class MotifMatcherTest {
  private static final double[] UNIFORM = {0.25, 0.25, 0.25, 0.25};

  /** A motif that spells letters, each with a chance of 0.91. */
  private static Motif spelling(String id, String letters) {
    double[][] probabilities = new double[letters.length()][4];
    for (int i = 0; i < letters.length(); i++) {
      for (int letter = 0; letter < 4; letter++) {
        probabilities[i][letter] = "ACGT".charAt(letter) == letters.charAt(i) ? 0.91 : 0.03;
      }
    }
    return new Motif(id, id, probabilities, 100);
  }

  private static MotifMatcher matcher(String... consensus) {
    return new MotifMatcher(
        java.util.Arrays.stream(consensus)
            .map(letters -> new ScoringMatrix(spelling(letters, letters), UNIFORM))
            .toList());
  }

  @Test
  void findsTheMotifItsPlaceAndItsStrand() {
    MotifMatcher matcher = matcher("TGACTCAG", "AGATAAGG", "CCACGTGA");
    Match match = matcher.best("CCCCCTTTTTAGATAAGGCCCCCCCCC", 10, 17);
    assertThat(match.motif()).isEqualTo(1);
    assertThat(match.start()).isEqualTo(10);
    assertThat(match.reverse()).isFalse();
    assertThat(match.bits()).isCloseTo(8 * Math.log(0.91 / 0.25) / Math.log(2), within(0.5));

    String other = DnaAlphabet.reverseComplement("CCCCCTTTTTAGATAAGGCCCCCCCCC");
    Match reverse = matcher.best(other, 10, 17);
    assertThat(reverse.motif()).isEqualTo(1);
    assertThat(reverse.start()).isEqualTo(9);
    assertThat(reverse.reverse()).isTrue();
    assertThat(reverse.bits()).isEqualTo(match.bits());
  }

  @Test
  void aMotifMayBeWiderOrNarrowerThanTheSeqlet() {
    String context = "CCCCCTTTTTAGATAAGGCCCCCCCCC";
    assertThat(matcher("AGATAAGG").best(context, 12, 16).start()).isEqualTo(10);
    assertThat(matcher("GATA").best(context, 5, 22).start()).isEqualTo(11);
    assertThat(matcher("AGATAAGGAGATAAGGAGATAAGGAGATAAGG").best(context, 10, 18)).isNull();
  }

  @Test
  void placesWithUnknownLettersAreNotTried() {
    assertThat(matcher("GATAAG").best("NNNNNN", 0, 6)).isNull();
    Match match = matcher("GATAAG").best("NNAGATAAGN", 2, 9);
    assertThat(match.start()).isEqualTo(3);
  }

  @Test
  void pValuesAreTheChancesOfRandomLetters() {
    Random random = new Random(2);
    double[] background = {0.3, 0.2, 0.2, 0.3};
    ScoringMatrix matrix = new ScoringMatrix(spelling("m", "GATAAG"), background);
    int draws = 400_000;
    int[] counts = new int[2000];
    byte[] letters = new byte[6];
    for (int draw = 0; draw < draws; draw++) {
      for (int i = 0; i < letters.length; i++) {
        double u = random.nextDouble();
        letters[i] = (byte) (u < 0.3 ? 0 : u < 0.5 ? 1 : u < 0.7 ? 2 : 3);
      }
      counts[matrix.score(letters, 0, false)]++;
    }
    int above = 0;
    for (int score = counts.length - 1; score >= 0; score--) {
      above += counts[score];
      if (counts[score] > 0) {
        double expected = matrix.pValue(score);
        double error = 5 * Math.sqrt(expected / draws) + 1e-9;
        assertThat((double) above / draws).isCloseTo(expected, within(error));
      }
    }
  }

  @Test
  void chanceIsNotUnderestimatedOnRandomLetters() {
    Random random = new Random(4);
    MotifMatcher matcher = matcher("AGATAAGG");
    int[] below = new int[2];
    int draws = 5000;
    for (int draw = 0; draw < draws; draw++) {
      StringBuilder letters = new StringBuilder();
      for (int i = 0; i < 40; i++) {
        letters.append("ACGT".charAt(random.nextInt(4)));
      }
      double pValue = matcher.best(letters.toString(), 16, 26).pValue();
      below[0] += pValue <= 0.05 ? 1 : 0;
      below[1] += pValue <= 0.5 ? 1 : 0;
    }
    assertThat(below[0] / (double) draws).isBetween(0.005, 0.06);
    assertThat(below[1] / (double) draws).isBetween(0.05, 0.53);
  }

  @Test
  void qValuesAreThoseOfBenjaminiAndHochberg() {
    Random random = new Random(9);
    double[] pValues = new double[3000];
    long[] counts = new long[LogBuckets.COUNT];
    for (int i = 0; i < pValues.length; i++) {
      pValues[i] = i < 300 ? random.nextDouble() * 1e-4 : random.nextDouble();
      counts[QValues.bucket(pValues[i])]++;
    }
    double[] byBucket = new QValues(counts, pValues.length).byBucket();
    double[] sorted = pValues.clone();
    java.util.Arrays.sort(sorted);
    double least = 1;
    for (int rank = sorted.length; rank >= 1; rank--) {
      least = Math.min(least, sorted[rank - 1] * sorted.length / rank);
      double found = byBucket[QValues.bucket(sorted[rank - 1])];
      assertThat(found).isBetween(least * 0.99, least * 1.02);
    }
  }

  @Test
  void chancesOfCommonRowsAreFishers() {
    // scipy.stats.hypergeom.sf(k - 1, M, n, N)
    assertThat(Hypergeometric.upperTail(100, 30, 20, 10)).isCloseTo(0.0306964293543, within(1e-10));
    assertThat(Hypergeometric.upperTail(100, 30, 20, 0)).isEqualTo(1);
    assertThat(Hypergeometric.upperTail(20, 12, 15, 7)).isEqualTo(1);
    assertThat(Hypergeometric.upperTail(1_000_000, 5000, 4000, 60) / 2.9574244338e-13)
        .isCloseTo(1, within(1e-6));
    assertThat(List.of(Hypergeometric.logFactorial(10), Hypergeometric.logFactorial(9)))
        .allSatisfy(value -> assertThat(value).isBetween(12.8, 15.2));
  }
}
