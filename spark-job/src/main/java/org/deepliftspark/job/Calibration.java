package org.deepliftspark.job;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.job.partition.AttributionFunction;
import org.deepliftspark.job.partition.CalibrationFunction;

/**
 * Measures, where tasks run and on rows of the job, how many rows a task scores per second while
 * all cores are busy. Takes less than ten seconds, unless a single row takes longer.
 */
final class Calibration {
  /** Part of the expected time that may be spent on measuring; jobs mostly take less than that. */
  private static final double SHARE = 0.005;

  /** In less, too much of the code still runs uncompiled to say anything. */
  private static final double LEAST_SECONDS = 2;

  private static final double MOST_SECONDS = 5;

  private static final int SAMPLE_ROWS = 256;

  /** Rows with more arithmetic are measured one by one, so that there is time for some batches. */
  private static final double HEAVY_FLOPS = 5e9;

  private Calibration() {}

  /**
   * How long tasks measure; 0 for jobs that are not worth it.
   *
   * @param expected seconds that the job takes, by the cost of a row
   */
  static double seconds(double expected) {
    double seconds = Math.min(MOST_SECONDS, expected * SHARE);
    return seconds < LEAST_SECONDS ? 0 : seconds;
  }

  /** Rows per batch; 0 for what the backend prefers. */
  static int batch(int asked, double flopsPerRow) {
    return flopsPerRow > HEAVY_FLOPS ? 1 : asked;
  }

  /**
   * @param valid rows of the job, at least one
   * @param cores that score at once
   * @param seconds to measure
   */
  static double rowsPerSecond(
      SparkSession spark,
      Dataset<Row> valid,
      AttributionFunction function,
      int cores,
      double seconds) {
    List<Row> sample = valid.limit(SAMPLE_ROWS).collectAsList();
    double speeds = 0;
    List<Row> tasks =
        spark
            .range(0, cores, 1, cores)
            .mapPartitions(
                new CalibrationFunction(function, sample, seconds),
                Encoders.row(CalibrationFunction.SCHEMA))
            .collectAsList();
    for (Row task : tasks) {
      speeds += task.getLong(0) / (task.getLong(1) / 1e9);
    }
    return speeds / tasks.size();
  }
}
