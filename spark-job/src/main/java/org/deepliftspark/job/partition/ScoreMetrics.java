package org.deepliftspark.job.partition;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * What the tasks of a scoring job count: rows, and where their time goes. Spark shows the sums per
 * stage and per task; a task that failed does not count, nor does the slower of two copies.
 *
 * @param rows scored; like the others null where a session has no Spark context to sum them
 * @param encode microseconds for one-hot arrays and references
 * @param engine microseconds in the engine: forward and backward
 * @param codec microseconds for output rows
 * @param write microseconds that Spark took for rows given to it
 */
public record ScoreMetrics(
    LongAccumulator rows,
    LongAccumulator encode,
    LongAccumulator engine,
    LongAccumulator codec,
    LongAccumulator write)
    implements Serializable {

  public static ScoreMetrics of(SparkContext spark) {
    return new ScoreMetrics(
        spark.longAccumulator("rows scored"),
        spark.longAccumulator("encode (us)"),
        spark.longAccumulator("forward and backward (us)"),
        spark.longAccumulator("output rows (us)"),
        spark.longAccumulator("write (us)"));
  }

  /** Counts for the plugin of each executor only. */
  public static ScoreMetrics unsummed() {
    return new ScoreMetrics(null, null, null, null, null);
  }

  /** Seconds by what they were spent on, summed over tasks. */
  public Map<String, Double> seconds() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("encode", encode.value() / 1e6);
    seconds.put("forward_and_backward", engine.value() / 1e6);
    seconds.put("output_rows", codec.value() / 1e6);
    seconds.put("write", write.value() / 1e6);
    return seconds;
  }

  /**
   * Counts a batch, here and for the plugin.
   *
   * @param pairs of rows and references
   * @param at four times in nanoseconds: before and after encoding, after the engine, at the end
   */
  void batch(int count, long pairs, long... at) {
    if (rows != null) {
      rows.add(count);
      encode.add((at[1] - at[0]) / 1000);
      engine.add((at[2] - at[1]) / 1000);
      codec.add((at[3] - at[2]) / 1000);
    }
    ExecutorCounters counters = ExecutorCounters.INSTANCE;
    counters.rows.add(count);
    counters.pairs.add(pairs);
    counters.encodeNanos.add(at[1] - at[0]);
    counters.engineNanos.add(at[2] - at[1]);
    counters.codecNanos.add(at[3] - at[2]);
  }

  /** Counts the time from giving a batch's first row away to being asked for the next batch. */
  void written(long nanos) {
    if (write != null) {
      write.add(nanos / 1000);
    }
    ExecutorCounters.INSTANCE.writeNanos.add(nanos);
  }
}
