package org.deepliftspark.engine.backend.cpu;

import static org.bytedeco.openblas.global.openblas_full.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_full.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_full.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A product of matrices cut into products that are small enough for those kernels of OpenBLAS that
 * multiply in place. The others copy both matrices into an order of their own first, which costs
 * more than half of the time where there are few rows, and a tenth where weights are small.
 *
 * @param rows of a block; {@code columns} and {@code sum} likewise
 */
record GemmBlocks(int m, int n, int k, int rows, int columns, int sum) {
  /** Multiplications up to which OpenBLAS multiplies in place on AVX-512. */
  private static final long IN_PLACE = 1_000_000;

  /** A little less: blocks that fill the innermost cache are slower again. */
  private static final long WANTED = 800_000;

  /** So few rows do not pay for copying the other matrix. */
  private static final int FEW_ROWS = 64;

  /** Rows that a block should have. */
  private static final int LEAST_ROWS = 16;

  private static final int MOST_SUM = 512;
  private static final int VECTOR = 16;

  /** Rows that the innermost loops take at once; what is left over is slower. */
  private static final int ROWS_AT_ONCE = 4;

  /** Rows at a distance of a multiple of these numbers push each other out of the cache. */
  private static final int CACHE_STRIDE = 128;

  /** Whether blocks are faster than the whole. */
  static boolean pay(int m, int n, int k, int lda, int ldb, int ldc) {
    if ((long) m * n * k <= IN_PLACE) {
      return false;
    }
    boolean conflicts =
        lda % CACHE_STRIDE == 0 || ldb % CACHE_STRIDE == 0 || ldc % CACHE_STRIDE == 0;
    return m <= FEW_ROWS || !conflicts && !isLarge(k, n);
  }

  /** Whether a matrix of weights is too large for blocks of enough rows. */
  static boolean isLarge(int k, int n) {
    return (long) LEAST_ROWS * n * k > IN_PLACE;
  }

  static GemmBlocks of(int m, int n, int k) {
    int least = Math.min(m, LEAST_ROWS);
    int sum = part(k, MOST_SUM, 1);
    int columns = part(n, Math.max(VECTOR, (int) (IN_PLACE / least / sum)), VECTOR);
    int rows = part(m, Math.max(least, (int) (WANTED / columns / sum)), ROWS_AT_ONCE);
    return new GemmBlocks(m, n, k, rows, columns, sum);
  }

  /** The length of equal parts of at most {@code most}, as a multiple of {@code step}. */
  private static int part(int length, int most, int step) {
    int parts = (length + most - 1) / most;
    int part = (length + parts - 1) / parts;
    return parts == 1 ? length : Math.min(most / step * step, (part + step - 1) / step * step);
  }

  /** {@code c [m, n] = a [m, k] . b [k, n] + beta c}. */
  void multiply(
      FloatPointer a, int lda, FloatPointer b, int ldb, float beta, FloatPointer c, int ldc) {
    Address left = new Address();
    Address right = new Address();
    Address result = new Address();
    for (int column = 0; column < n; column += columns) {
      for (int from = 0; from < k; from += sum) {
        right.set(b, (long) from * ldb + column);
        for (int row = 0; row < m; row += rows) {
          left.set(a, (long) row * lda + from);
          result.set(c, (long) row * ldc + column);
          cblas_sgemm(
              CblasRowMajor,
              CblasNoTrans,
              CblasNoTrans,
              Math.min(rows, m - row),
              Math.min(columns, n - column),
              Math.min(sum, k - from),
              1f,
              left,
              lda,
              right,
              ldb,
              from == 0 ? beta : 1f,
              result,
              ldc);
        }
      }
    }
  }

  /** A place in memory that belongs to others, who outlive it. */
  private static final class Address extends FloatPointer {
    Address() {
      super((Pointer) null);
    }

    void set(FloatPointer base, long numbers) {
      address = base.address() + (base.position() + numbers) * Float.BYTES;
    }
  }
}
