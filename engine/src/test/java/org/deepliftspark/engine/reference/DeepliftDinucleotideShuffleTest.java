package org.deepliftspark.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The literal strings come from deeplift 0.6.13 under NumPy 2.4; the files from {@code
 * scripts/golden/references.py}.
 */
class DeepliftDinucleotideShuffleTest {
  private static final String SEQUENCE = "ACGTTGCAACGATTCAGGNACGTA";

  @Test
  void permutationsAreThoseOfNumpy() {
    assertThat(permutations(1234, 5, 5))
        .containsExactly("40123", "32104", "20431", "14023", "10342");
    assertThat(permutations(1, 7, 3)).containsExactly("6210435", "2341605", "6302145");
  }

  private static List<String> permutations(long seed, int n, int count) {
    NumpyRandomState random = new NumpyRandomState(seed);
    return Stream.generate(
            () ->
                Arrays.stream(random.permutation(n))
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining()))
        .limit(count)
        .toList();
  }

  static List<String> permutationLines() throws IOException {
    return lines("permutations.txt");
  }

  @ParameterizedTest(name = "line {index}")
  @MethodSource("permutationLines")
  void permutationsOfEverySizeAndSeedAreThoseOfNumpy(String line) {
    String[] fields = line.split(",", -1);
    NumpyRandomState random = new NumpyRandomState(Long.parseLong(fields[0]));
    for (String expected : fields[2].split(";", -1)) {
      int[] permutation = random.permutation(Integer.parseInt(fields[1]));
      assertThat(
              Arrays.stream(permutation)
                  .mapToObj(Integer::toString)
                  .collect(Collectors.joining(" ")))
          .isEqualTo(expected);
    }
  }

  /** Case T17 of the reference implementation's tests, and {@code dinuc_shuffle} run for it. */
  @Test
  void t17ShufflesOfOneCallAreThoseOfDeeplift() {
    assertThat(DeepliftDinucleotideShuffle.shuffle(SEQUENCE, 3, new NumpyRandomState(1)))
        .containsExactly(
            "ACGAAGGCGNACATTTGTCACGTA", "ATCACGGTTGCACGAGNAACGTTA", "ATGCGGACACAGNAACGTCGTTTA");
    assertThat(DeepliftDinucleotideShuffle.shuffle(SEQUENCE, 3, new NumpyRandomState(1234)))
        .containsExactly(
            "AGACGTGNAACATTCACGGCGTTA", "ACAGGCACGNAATTGTCGACGTTA", "ACATTGAGNACAACGCGGTCGTTA");
  }

  /** Case T16, whose own loop misses the last of the 199 pairs. */
  @Test
  void t16EveryPairIsKeptIn1000RandomSequences() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 1000; i++) {
      String sequence = Shuffles.randomSequence(random, "ACGT", 200);
      String shuffled =
          DeepliftDinucleotideShuffle.shuffle(sequence, 1, new NumpyRandomState(i)).get(0);
      assertThat(Shuffles.words(shuffled, 2)).isEqualTo(Shuffles.words(sequence, 2));
      assertThat(shuffled).isNotEqualTo(sequence);
    }
  }

  @Test
  void t17OneGeneratorForAllSequencesIsDeepliftsOwnOrder() {
    NumpyRandomState random = new NumpyRandomState(1);
    List<String> references = new ArrayList<>();
    for (String sequence : List.of(SEQUENCE, "GATTACAGATTACCA")) {
      for (int reference = 0; reference < 2; reference++) {
        references.addAll(DeepliftDinucleotideShuffle.shuffle(sequence, 1, random));
      }
    }
    assertThat(references)
        .containsExactly(
            "ACGAAGGCGNACATTTGTCACGTA",
            "AGCATCGNACGACAACGTTTGGTA",
            "GATAGACATTTACCA",
            "GATTTATACAGACCA");
  }

  static List<String> shuffleLines() throws IOException {
    return lines("dinuc_shuffles.txt");
  }

  @ParameterizedTest(name = "line {index}")
  @MethodSource("shuffleLines")
  void shufflesOfEveryLengthAreThoseOfTheAlgorithmUnderNumpy(String line) {
    String[] fields = line.split(",");
    List<String> shuffles =
        DeepliftDinucleotideShuffle.shuffle(
            fields[1], 3, new NumpyRandomState(Long.parseLong(fields[0])));
    assertThat(shuffles).containsExactly(fields[2], fields[3], fields[4]);
  }

  @Test
  void aRowsReferencesAreThoseOfDeepliftWithTheRowsOwnGenerator() {
    assertThat(Shuffles.of("deeplift-dinuc:2", SEQUENCE, 1))
        .containsExactly("ACGAAGGCGNACATTTGTCACGTA", "AGCATCGNACGACAACGTTTGGTA");
    long sameLowerBits = (123L << 32) + 1;
    assertThat(Shuffles.of("deeplift-dinuc:2", SEQUENCE, sameLowerBits))
        .isEqualTo(Shuffles.of("deeplift-dinuc:2", SEQUENCE, 1));
  }

  @Test
  void onlyNineOf72ShufflesCanBeReached() {
    List<String> shuffles = Shuffles.of("deeplift-dinuc:5000", "ACCCACGATGATA", 1);
    assertThat(new HashSet<>(shuffles)).hasSize(9);
    assertThat(Shuffles.sameDinucleotides("ACCCACGATGATA")).containsAll(shuffles);
  }

  private static List<String> lines(String name) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                DeepliftDinucleotideShuffleTest.class.getResourceAsStream("/reference/" + name),
                StandardCharsets.US_ASCII))) {
      return reader.lines().toList();
    }
  }
}
