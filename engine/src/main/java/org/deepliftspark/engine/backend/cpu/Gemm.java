package org.deepliftspark.engine.backend.cpu;

import static org.bytedeco.openblas.global.openblas_full.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_full.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_full.CblasTrans;
import static org.bytedeco.openblas.global.openblas_full.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas_full.cblas_sgemv;

import java.util.Set;
import org.bytedeco.javacpp.FloatPointer;

/** Products of row-major matrices. A single row goes another way in OpenBLAS, and does here. */
final class Gemm {
  /** Kinds of CPU on whose kernels a row of a product does not depend on its place in it. */
  private static final Set<String> STABLE = Set.of("SkylakeX", "Cooperlake", "SapphireRapids");

  private static final boolean KEEPS_ROWS = STABLE.contains(GemmPeak.core());

  private Gemm() {}

  /**
   * Whether equal rows of a product of fixed size give equal results to the last bit. Found so on
   * AVX-512 kernels; on those for Haswell the sums depend on the place of a row.
   */
  static boolean keepsRows() {
    return KEEPS_ROWS;
  }

  /**
   * {@code c [m, n] = a [m, k] . b + beta c}.
   *
   * @param b {@code [k, n]}, or {@code [n, k]} if transposed
   * @param lda numbers from one row to the next; {@code ldb}, {@code ldc} likewise
   */
  static void multiply(
      int m,
      int n,
      int k,
      FloatPointer a,
      int lda,
      FloatPointer b,
      int ldb,
      boolean transposed,
      float beta,
      FloatPointer c,
      int ldc) {
    if (m == 1) {
      cblas_sgemv(
          CblasRowMajor,
          transposed ? CblasNoTrans : CblasTrans,
          transposed ? n : k,
          transposed ? k : n,
          1f,
          b,
          ldb,
          a,
          1,
          beta,
          c,
          1);
    } else if (!transposed && keepsRows() && GemmBlocks.pay(m, n, k, ldb, ldc)) {
      GemmBlocks.of(m, n, k).multiply(a, lda, b, ldb, beta, c, ldc);
    } else {
      cblas_sgemm(
          CblasRowMajor,
          CblasNoTrans,
          transposed ? CblasTrans : CblasNoTrans,
          m,
          n,
          k,
          1f,
          a,
          lda,
          b,
          ldb,
          beta,
          c,
          ldc);
    }
  }

  /** {@code c [m, n] = a . b + beta c}, where {@code a} is stored as {@code [k, m]}. */
  static void multiplyColumns(
      int m,
      int n,
      int k,
      FloatPointer a,
      int lda,
      FloatPointer b,
      int ldb,
      float beta,
      FloatPointer c,
      int ldc) {
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, n, k, 1f, a, lda, b, ldb, beta, c, ldc);
  }
}
