package org.deepliftspark.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.encode.LengthPolicy;
import org.deepliftspark.engine.encode.OneHotEncoder;
import org.deepliftspark.engine.encode.UnknownBase;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.npy.Npy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceGeneratorTest {
  private static final String SEQUENCE = "GATTACANNCATTAGGACACCATGCATTTGCAGATC";

  @TempDir Path folder;

  @Test
  void zerosAndBackgroundsAreSharedByAllRows() {
    Shape shape = Shape.of(2, 4);
    assertThat(shared("zeros", shape)).containsExactly(0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(shared("background", shape)).containsOnly(0.25f).hasSize(8);
    assertThat(shared("background:0.3,0.2,0.1,0.4", shape))
        .containsExactly(0.3f, 0.2f, 0.1f, 0.4f, 0.3f, 0.2f, 0.1f, 0.4f);
    assertThat(shared("background:1,2,3", Shape.of(1, 2, 3))).containsExactly(1, 2, 3, 1, 2, 3);
    assertThatThrownBy(() -> shared("background:0.5,0.5", shape))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Invalid references 'background:0.5,0.5': 2 numbers, but the input [2, 4] has 4 channels; give one number per channel");
  }

  private static float[] shared(String references, Shape shape) {
    ReferenceGenerator generator = ReferenceGenerator.of(ReferenceSpec.parse(references), null);
    assertThat(generator.shared()).isTrue();
    assertThat(generator.count()).isEqualTo(1);
    float[] shared = generator.shared(shape);
    float[] generated = new float[shape.size()];
    generator.generate(new float[shape.size()], shape, 1, generated, 0);
    assertThat(generated).containsExactly(shared);
    return shared;
  }

  @ParameterizedTest
  @ValueSource(strings = {"dinuc-shuffle", "deeplift-dinuc", "mono-shuffle"})
  void theFirstReferencesAreTheSameHoweverManyThereAre(String kind) {
    List<String> twenty = Shuffles.of(kind, SEQUENCE, 4711);
    assertThat(twenty).hasSize(20);
    for (int count = 1; count < 20; count++) {
      assertThat(Shuffles.of(kind + ":" + count, SEQUENCE, 4711))
          .isEqualTo(twenty.subList(0, count));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dinuc-shuffle", "deeplift-dinuc", "mono-shuffle"})
  void referencesDependOnTheSeedOfTheRowAlone(String kind) {
    Set<List<String>> distinct = new HashSet<>();
    for (String id : List.of("a", "b", "chr1:1-2", "chr1:1-3", "")) {
      for (long jobSeed : new long[] {0, 1, -1}) {
        long seed = RowSeed.of(jobSeed, id);
        List<String> references = Shuffles.of(kind, SEQUENCE, seed);
        assertThat(Shuffles.of(kind, SEQUENCE, seed)).isEqualTo(references);
        distinct.add(references);
      }
    }
    assertThat(distinct).hasSize(15);
  }

  /**
   * Numbers of a stored result must not change with a new version: these were drawn by the first.
   */
  @Test
  void theStreamsStayAsTheyAre() {
    // SHA-256 over 8 zero bytes, 01 and "row": printf '\0\0\0\0\0\0\0\001row' | sha256sum
    assertThat(RowSeed.of(1, "row")).isEqualTo(0x5f2dc1fde16b9c76L);
    assertThat(Shuffles.of("dinuc-shuffle:2", "GATTACACATTAGGACA", 1))
        .containsExactly("GGAGACATTTATACACA", "GATTAGGACACATTACA");
    assertThat(Shuffles.of("mono-shuffle:2", "GATTACACATTAGGACA", 1))
        .containsExactly("TCCAGTTGAAAGCTAAA", "GCAATAACGCATATTGA");
  }

  @Test
  void shufflesNeedLettersUnlessTheyMovePositions() {
    ReferenceGenerator generator =
        ReferenceGenerator.of(ReferenceSpec.parse("dinuc-shuffle:1"), null);
    float[] row = Shuffles.oneHot("ACGT");
    row[9] = 0.5f;
    Shape shape = Shape.of(4, 4);
    assertThatThrownBy(() -> generator.generate(row, shape, 1, new float[16], 0))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "dinuc-shuffle needs a one-hot sequence: position 3 of input [4, 4] holds [0.0, 0.5, 1.0, 0.0];"
                + " use mono-shuffle or another reference");
    assertThatThrownBy(() -> generator.generate(new float[28], Shape.of(28), 1, new float[28], 0))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("position 1 of input [28] holds [0.0]");
    assertThatThrownBy(() -> generator.shared(shape)).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dinuc-shuffle:9", "mono-shuffle:9"})
  void basesEncodedAsBackgroundStayWhereTheyAre(String kind) {
    OneHotEncoder encoder =
        OneHotEncoder.of(
            36, LengthPolicy.REJECT, UnknownBase.BACKGROUND, new float[] {0.3f, 0.2f, 0.2f, 0.3f});
    ReferenceGenerator generator =
        ReferenceGenerator.of(ReferenceSpec.parse(kind), encoder.unknownRow());
    float[] row = encoder.encode(SEQUENCE).numbers();
    float[] out = new float[9 * 144];
    generator.generate(row, Shape.of(36, 4), 3, out, 0);
    for (int reference = 0; reference < 9; reference++) {
      for (int position = 0; position < 36; position++) {
        boolean unknown = out[reference * 144 + position * 4] == 0.3f;
        assertThat(unknown).isEqualTo(SEQUENCE.charAt(position) == 'N');
      }
    }
  }

  @Test
  void otherAlphabetsAreShuffledAlike() {
    Shape shape = Shape.of(40, 20);
    float[] protein = new float[shape.size()];
    for (int position = 0; position < 40; position++) {
      protein[position * 20 + position * position % 20] = 1;
    }
    float[] out = new float[shape.size()];
    for (String kind : List.of("dinuc-shuffle:1", "deeplift-dinuc:1")) {
      ReferenceGenerator.of(ReferenceSpec.parse(kind), null).generate(protein, shape, 2, out, 0);
      assertThat(Shuffles.words(letters(out), 2)).isEqualTo(Shuffles.words(letters(protein), 2));
      assertThat(out).isNotEqualTo(protein);
    }
  }

  private static String letters(float[] oneHot) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < oneHot.length; i++) {
      if (oneHot[i] == 1) {
        letters.append((char) ('a' + i % 20));
      }
    }
    return letters.toString();
  }

  @Test
  void generatorsTravelToExecutors() throws IOException, ClassNotFoundException {
    for (String kind :
        List.of(
            "zeros",
            "background:1,2,3,4",
            "dinuc-shuffle:3",
            "deeplift-dinuc:3",
            "mono-shuffle:3")) {
      ReferenceGenerator generator = ReferenceGenerator.of(ReferenceSpec.parse(kind), new float[4]);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(generator);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        ReferenceGenerator copy = (ReferenceGenerator) in.readObject();
        assertThat(generated(copy)).containsExactly(generated(generator));
      }
    }
  }

  private static float[] generated(ReferenceGenerator generator) {
    Shape shape = Shape.of(SEQUENCE.length(), 4);
    float[] out = new float[generator.size(shape)];
    generator.generate(Shuffles.oneHot(SEQUENCE), shape, 12, out, 0);
    return out;
  }

  @Test
  void moreReferencesThanAnArrayHoldsAreRefused() {
    ReferenceGenerator generator =
        ReferenceGenerator.of(ReferenceSpec.parse("mono-shuffle:1000000000"), null);
    assertThatThrownBy(() -> generator.size(Shape.of(1000, 4)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Invalid references: 1000000000 of shape [1000, 4] are more than one array holds; use fewer");
  }

  @Test
  void givenReferencesAreSharedOrEachRowsOwn() {
    Shape shape = Shape.of(2, 3);
    Path own = npy("own.npy", 5, 2, 2, 3);
    try (NpyReferences references = NpyReferences.open(own, shape, 5)) {
      assertThat(references.shared()).isFalse();
      assertThat(references.count()).isEqualTo(2);
      assertThat(references.rows(4, 1))
          .containsExactly(48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59);
    }
    try (NpyReferences references = NpyReferences.open(npy("shared.npy", 1, 2, 2, 3), shape, 5)) {
      assertThat(references.shared()).isTrue();
      ReferenceGenerator given =
          ReferenceGenerator.given(references.rows(0, 1), references.count());
      assertThat(given.shared(shape)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
      assertThatThrownBy(() -> given.shared(Shape.of(7)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage("Invalid references: each has 6 numbers, but the input [7] has 7");
    }
    for (int[] dims : new int[][] {{4, 2, 2, 3}, {5, 2, 3, 2}, {5, 2, 3}, {5, 0, 2, 3}}) {
      Path wrong = npy("wrong.npy", dims);
      assertThatThrownBy(() -> NpyReferences.open(wrong, shape, 5))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "Invalid references "
                  + wrong
                  + ": expected shape [1 or 5, references, 2, 3], found "
                  + Arrays.toString(dims));
    }
  }

  private Path npy(String name, int... shape) {
    int size = 1;
    for (int dim : shape) {
      size *= dim;
    }
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = i;
    }
    Path path = folder.resolve(name);
    Npy.write(path, numbers, shape);
    return path;
  }
}
