package org.deepliftspark.job.partition;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Measures how fast a task scores: sample rows over and over for some seconds, beside as many other
 * tasks as the cluster runs at once. The first batch warms up and does not count, unless there is
 * time for no other.
 */
public final class CalibrationFunction implements MapPartitionsFunction<Long, Row> {
  /** What a task measures: rows, and the nanoseconds that they took. */
  public static final StructType SCHEMA =
      new StructType().add("rows", DataTypes.LongType).add("nanos", DataTypes.LongType);

  private static final long serialVersionUID = 1L;

  private final AttributionFunction attribution;
  private final List<Row> sample;
  private final double seconds;

  /**
   * @param sample prepared rows, at least one
   * @param seconds to measure after the first batch
   */
  public CalibrationFunction(AttributionFunction attribution, List<Row> sample, double seconds) {
    this.attribution = attribution;
    this.sample = sample;
    this.seconds = seconds;
  }

  @Override
  public Iterator<Row> call(Iterator<Long> tasks) {
    Cycle rows = new Cycle(sample);
    Iterator<Row> scores = attribution.call(rows);
    long start = System.nanoTime();
    long warm = start;
    long warmRows = 0;
    // A batch is over when the next is pulled.
    while (seconds(start) < seconds && scores.hasNext()) {
      scores.next();
      if (warmRows == 0) {
        warm = System.nanoTime();
        warmRows = rows.given;
      }
    }
    long now = System.nanoTime();
    boolean onlyWarm = rows.given == warmRows;
    return List.of(
            RowFactory.create(
                onlyWarm ? rows.given : rows.given - warmRows, now - (onlyWarm ? start : warm)))
        .iterator();
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static final class Cycle implements Iterator<Row> {
    private final List<Row> rows;
    private long given;

    Cycle(List<Row> rows) {
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      return true;
    }

    @Override
    public Row next() {
      return rows.get((int) (given++ % rows.size()));
    }
  }
}
