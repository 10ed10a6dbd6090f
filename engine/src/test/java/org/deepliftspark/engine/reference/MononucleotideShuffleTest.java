package org.deepliftspark.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.deepliftspark.engine.graph.Shape;
import org.junit.jupiter.api.Test;

class MononucleotideShuffleTest {
  @Test
  void allOrdersAreEquallyLikelyAndUnknownLettersStay() {
    Map<String, Integer> drawn = new TreeMap<>();
    for (String shuffle : Shuffles.of("mono-shuffle:90000", "NAANCCGTN", 5)) {
      assertThat(shuffle).matches("N..N....N");
      drawn.merge(shuffle, 1, Integer::sum);
    }
    int orders = 720 / 2 / 2;
    assertThat(drawn).hasSize(orders);
    assertThat(Shuffles.chiSquare(drawn, orders)).isLessThan(Shuffles.chiSquareLimit(orders));
  }

  @Test
  void anyNumbersAreShuffledByPositionWithTheirChannelsTogether() {
    Shape shape = Shape.of(10, 5, 3);
    float[] image = new float[shape.size()];
    for (int i = 0; i < image.length; i++) {
      image[i] = i / 3 % 4 == 0 ? 0 : 1000 + i;
    }
    ReferenceGenerator generator =
        ReferenceGenerator.of(ReferenceSpec.parse("mono-shuffle:2"), null);
    float[] out = new float[7 + 300];
    generator.generate(image, shape, 9, out, 7);

    assertThat(Arrays.copyOf(out, 7)).containsOnly(0);
    float[] first = Arrays.copyOfRange(out, 7, 157);
    assertThat(pixels(first)).isEqualTo(pixels(image));
    assertThat(first).isNotEqualTo(image).isNotEqualTo(Arrays.copyOfRange(out, 157, 307));
    assertThat(blackPixels(first)).isNotEqualTo(blackPixels(image));
  }

  private static Map<String, Integer> pixels(float[] image) {
    Map<String, Integer> counts = new TreeMap<>();
    for (int i = 0; i < image.length; i += 3) {
      counts.merge(Arrays.toString(Arrays.copyOfRange(image, i, i + 3)), 1, Integer::sum);
    }
    return counts;
  }

  private static String blackPixels(float[] image) {
    StringBuilder black = new StringBuilder();
    for (int i = 0; i < image.length; i += 3) {
      black.append(image[i] == 0 ? 'x' : '.');
    }
    return black.toString();
  }
}
