package org.deepliftspark.engine.backend.cpu;

import static org.bytedeco.openblas.global.openblas_full.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_full.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_full.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas_full.openblas_get_corename;
import static org.bytedeco.openblas.global.openblas_full.openblas_set_num_threads;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.FloatPointer;

/**
 * What OpenBLAS reaches here in products of square float matrices of 1024 rows: the yardstick for
 * rates, which differ from machine to machine and from hour to hour.
 */
public final class GemmPeak {
  private static final int SIZE = 1024;
  private static final double FLOPS = 2.0 * SIZE * SIZE * SIZE;

  private GemmPeak() {}

  /** The kind of CPU that OpenBLAS took this one for, which decides its speed. */
  public static String core() {
    return openblas_get_corename().getString();
  }

  /**
   * Measures several callers at once, each on a thread of its own with single-threaded BLAS.
   *
   * @param seconds how long to measure, after a warm-up
   * @return GFLOP/s of all callers together
   */
  public static double gflops(int threads, double seconds) throws InterruptedException {
    openblas_set_num_threads(1);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Double>> rates = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        rates.add(pool.submit(() -> rate(seconds)));
      }
      double sum = 0;
      for (Future<Double> rate : rates) {
        sum += rate.get();
      }
      return sum / 1e9;
    } catch (ExecutionException e) {
      throw new IllegalStateException("OpenBLAS failed: " + e.getCause(), e.getCause());
    } finally {
      pool.shutdown();
    }
  }

  /** FLOP/s of one caller. */
  private static double rate(double seconds) {
    try (FloatPointer a = filled(0.5f);
        FloatPointer b = filled(0.25f);
        FloatPointer c = filled(0f)) {
      multiply(a, b, c, seconds / 4);
      return multiply(a, b, c, seconds);
    }
  }

  private static FloatPointer filled(float value) {
    FloatPointer matrix = new FloatPointer((long) SIZE * SIZE);
    for (long i = 0; i < matrix.capacity(); i++) {
      matrix.put(i, value);
    }
    return matrix;
  }

  private static double multiply(FloatPointer a, FloatPointer b, FloatPointer c, double seconds) {
    long start = System.nanoTime();
    long elapsed = 0;
    int count = 0;
    while (elapsed < seconds * 1e9) {
      cblas_sgemm(
          CblasRowMajor,
          CblasNoTrans,
          CblasNoTrans,
          SIZE,
          SIZE,
          SIZE,
          1f,
          a,
          SIZE,
          b,
          SIZE,
          0f,
          c,
          SIZE);
      count++;
      elapsed = System.nanoTime() - start;
    }
    return count * FLOPS / (elapsed / 1e9);
  }
}
