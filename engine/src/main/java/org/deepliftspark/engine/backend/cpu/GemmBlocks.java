package org.deepliftspark.engine.backend.cpu;

import static org.bytedeco.openblas.global.openblas_full.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_full.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_full.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A product of matrices cut into products that are small enough for those kernels of OpenBLAS that
 * multiply in place. The others copy both matrices into an order of their own first, which costs
 * more than half of the time where there are few rows, and a fifth where weights are small. Of
 * weights, the kernels read some columns at a time for every few rows: as many numbers as stay in
 * the innermost cache. Rows are taken by the group: so many that all that a group uses stays in the
 * next one.
 *
 * @param group rows of a group
 * @param rows of a block; {@code columns} and {@code sum} likewise
 */
record GemmBlocks(int m, int n, int k, int group, int rows, int columns, int sum) {
  /** Multiplications up to which OpenBLAS multiplies in place on AVX-512. */
  private static final long IN_PLACE = 1_000_000;

  /** So few rows do not pay for copying the other matrix. */
  private static final int FEW_ROWS = 64;

  /** Numbers of weights that the kernels read again and again. */
  private static final int PANEL = 6400;

  /** Columns of weights that the kernels take at once. */
  private static final int VECTORS = 64;

  private static final int MOST_COLUMNS = 128;

  /** Numbers of the other two matrices that a group uses: half of the second cache. */
  private static final int GROUP = 1 << 17;

  /** Weights of more leave no room in that cache for a group. */
  private static final int LARGE = 1 << 17;

  /** Rows that the innermost loops take at once; what is left over is slower. */
  private static final int ROWS_AT_ONCE = 4;

  /** Rows at a distance of a multiple of these numbers push each other out of the cache. */
  private static final int CACHE_STRIDE = 256;

  /** Whether blocks are faster than the whole. */
  static boolean pay(int m, int n, int k, int ldb, int ldc) {
    if ((long) m * n * k <= IN_PLACE && k <= sum(n)) {
      return false;
    }
    boolean conflicts = ldb % CACHE_STRIDE == 0 || ldc % CACHE_STRIDE == 0;
    return m <= FEW_ROWS || !conflicts && !isLarge(k, n);
  }

  /** Whether a matrix of weights is too large to stay at hand. */
  static boolean isLarge(int k, int n) {
    return (long) n * k > LARGE;
  }

  static GemmBlocks of(int m, int n, int k) {
    int sum = part(k, sum(n), 1);
    int columns = part(n, MOST_COLUMNS, VECTORS);
    int group = part(m, Math.max(ROWS_AT_ONCE, GROUP / (n + k)), ROWS_AT_ONCE);
    int most = Math.max(ROWS_AT_ONCE, (int) (IN_PLACE / columns / sum));
    return new GemmBlocks(m, n, k, group, part(group, most, ROWS_AT_ONCE), columns, sum);
  }

  /** Rows of weights that a block reads. */
  private static int sum(int n) {
    int sum = PANEL / Math.min(n, VECTORS);
    return n % (CACHE_STRIDE / 2) == 0 ? Math.min(VECTORS, sum) : sum;
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
    for (int first = 0; first < m; first += group) {
      int end = Math.min(m, first + group);
      for (int column = 0; column < n; column += columns) {
        for (int from = 0; from < k; from += sum) {
          right.set(b, (long) from * ldb + column);
          for (int row = first; row < end; row += rows) {
            left.set(a, (long) row * lda + from);
            result.set(c, (long) row * ldc + column);
            cblas_sgemm(
                CblasRowMajor,
                CblasNoTrans,
                CblasNoTrans,
                Math.min(rows, end - row),
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
