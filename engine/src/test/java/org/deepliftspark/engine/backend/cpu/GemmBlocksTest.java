package org.deepliftspark.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GemmBlocksTest {
  private final Random random = new Random(3);

  @ParameterizedTest(name = "{0} x {1} x {2}")
  @CsvSource({
    "2114, 64, 64",
    "16, 128, 1568",
    "16, 1568, 128",
    "7, 131, 1601",
    "2, 1009, 1013",
    "201, 203, 301",
    "450, 200, 300",
    "129, 384, 130",
    "3, 5, 7"
  })
  void blocksTogetherAreTheWholeProduct(int m, int n, int k) {
    float[] a = numbers(m * k);
    float[] b = numbers(k * n);
    float[] c = numbers(m * n);
    float[] found = multiply(a, b, c, m, n, k, 1f);
    for (int at = 0; at < c.length; at += Math.max(1, c.length / 997)) {
      double sum = c[at];
      for (int i = 0; i < k; i++) {
        sum += (double) a[at / n * k + i] * b[i * n + at % n];
      }
      assertThat((double) found[at]).as("number %d", at).isCloseTo(sum, within(1e-5 * k));
    }
  }

  @Test
  void whatWasThereBeforeIsForgottenWhereItIsNotAddedTo() {
    float[] before = new float[16 * 1568];
    Arrays.fill(before, Float.NaN);
    float[] found = multiply(numbers(16 * 128), numbers(128 * 1568), before, 16, 1568, 128, 0f);
    for (float number : found) {
      assertThat(number).isFinite();
    }
  }

  @ParameterizedTest(name = "{0} x {1} x {2}")
  @CsvSource({"16, 128, 1568", "16, 1568, 128", "48, 100, 1000", "13, 164, 1000", "450, 200, 300"})
  void aRowDoesNotDependOnItsPlace(int m, int n, int k) {
    assumeTrue(Gemm.keepsRows(), "OpenBLAS took this CPU for one whose kernels mix rows");
    float[] row = numbers(k);
    float[] a = new float[m * k];
    for (int i = 0; i < m; i++) {
      System.arraycopy(row, 0, a, i * k, k);
    }
    float[] found = multiply(a, numbers(k * n), new float[m * n], m, n, k, 0f);
    float[] first = Arrays.copyOf(found, n);
    for (int i = 1; i < m; i++) {
      assertThat(Arrays.copyOfRange(found, i * n, (i + 1) * n)).containsExactly(first);
    }
  }

  @Test
  void paysForFewRowsAndForSmallWeights() {
    assertThat(GemmBlocks.pay(16, 1568, 128, 1568, 1568)).isTrue();
    assertThat(GemmBlocks.pay(2114, 64, 64, 64, 64)).isTrue();
  }

  @Test
  void doesNotPayForSmallProductsNorForLargeWeightsAndManyRows() {
    assertThat(GemmBlocks.pay(100, 100, 100, 100, 100)).isFalse();
    assertThat(GemmBlocks.pay(2114, 512, 512, 512, 512)).isFalse();
    assertThat(GemmBlocks.pay(2114, 500, 500, 500, 500)).isFalse();
  }

  @Test
  void paysWhereTheKernelsWouldReadTooManyWeightsForEveryFewRows() {
    assertThat(GemmBlocks.pay(40, 100, 200, 100, 100)).isTrue();
    assertThat(GemmBlocks.pay(66, 16, 160, 16, 16)).isFalse();
  }

  @Test
  void aGroupOfRowsStaysAtHandAndABlockIsMultipliedInPlace() {
    for (int[] sizes :
        new int[][] {{2114, 300, 300}, {16, 1000, 2400}, {50, 200, 200}, {9, 7, 5}}) {
      GemmBlocks blocks = GemmBlocks.of(sizes[0], sizes[1], sizes[2]);
      assertThat((long) blocks.rows() * blocks.columns() * blocks.sum())
          .isLessThanOrEqualTo(1_000_000);
      assertThat(Math.min(64, blocks.columns()) * blocks.sum()).isLessThanOrEqualTo(6400);
      assertThat((long) blocks.group() * (sizes[1] + sizes[2])).isLessThanOrEqualTo(1 << 17);
    }
  }

  private static float[] multiply(
      float[] a, float[] b, float[] c, int m, int n, int k, float beta) {
    try (FloatPointer left = Memory.copyOf(a);
        FloatPointer right = Memory.copyOf(b);
        FloatPointer result = Memory.copyOf(c)) {
      GemmBlocks.of(m, n, k).multiply(left, k, right, n, beta, result, n);
      float[] found = new float[c.length];
      result.get(found);
      return found;
    }
  }

  private float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = random.nextFloat() - 0.5f;
    }
    return numbers;
  }
}
