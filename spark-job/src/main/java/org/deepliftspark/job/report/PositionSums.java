package org.deepliftspark.job.report;

import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.job.scores.ScoreReader;
import org.deepliftspark.job.scores.ScoreRow;

/**
 * Sums a partition's contributions and their magnitudes per position, and counts predictions
 * against masses on a grid.
 */
final class PositionSums implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  /** Longest row whose positions are summed. */
  static final int LONGEST = 100_000;

  /** Cells of the grid along each side. */
  static final int GRID = 48;

  static final StructType SCHEMA =
      new StructType()
          .add("rows", DataTypes.LongType)
          .add("length", DataTypes.IntegerType)
          .add("sums", DataTypes.createArrayType(DataTypes.DoubleType, false))
          .add("magnitudes", DataTypes.createArrayType(DataTypes.DoubleType, false))
          .add("grid", DataTypes.createArrayType(DataTypes.LongType, false));

  /** Length of rows that differ in length, or are no sequences. */
  static final int NONE = -1;

  private final double lowX;
  private final double highX;
  private final double lowY;
  private final double highY;

  /** Gives the range of predictions and of masses. */
  PositionSums(double lowX, double highX, double lowY, double highY) {
    this.lowX = lowX;
    this.highX = highX;
    this.lowY = lowY;
    this.highY = highY;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> stored) {
    long rows = 0;
    int length = 0;
    double[] sums = new double[0];
    double[] magnitudes = new double[0];
    long[] grid = new long[GRID * GRID];
    while (stored.hasNext()) {
      ScoreRow row = ScoreReader.decode(stored.next());
      rows++;
      int here = row.isSequence() && row.length() <= LONGEST ? row.length() : NONE;
      if (length == 0 && here > 0) {
        sums = new double[here];
        magnitudes = new double[here];
      }
      length = length == 0 || length == here ? here : NONE;
      if (length > 0) {
        float[] observed = row.observed();
        for (int i = 0; i < length; i++) {
          sums[i] += observed[i];
          magnitudes[i] += Math.abs(observed[i]);
        }
      }
      int x = cell(row.prediction(), lowX, highX);
      int y = cell(row.mass(), lowY, highY);
      if (x >= 0 && y >= 0) {
        grid[x * GRID + y]++;
      }
    }
    if (rows == 0) {
      return Collections.emptyIterator();
    }
    return Collections.singleton(RowFactory.create(rows, length, sums, magnitudes, grid))
        .iterator();
  }

  /** The cell of a number; -1 for none. */
  private static int cell(double number, double low, double high) {
    if (!Double.isFinite(number)) {
      return -1;
    }
    int cell = (int) ((number - low) / (high - low) * GRID);
    return Math.max(0, Math.min(GRID - 1, cell));
  }

  /** Adds up what partitions gave. */
  static final class Total {
    long rows;
    int length;
    double[] sums = new double[0];
    double[] magnitudes = new double[0];
    final long[] grid = new long[GRID * GRID];

    void add(Row part) {
      rows += part.getLong(0);
      int here = part.getInt(1);
      if (length == 0) {
        length = here;
        sums = new double[Math.max(0, here)];
        magnitudes = new double[Math.max(0, here)];
      }
      length = length == here ? here : NONE;
      List<Double> partSums = part.getList(2);
      List<Double> partMagnitudes = part.getList(3);
      for (int i = 0; i < length; i++) {
        sums[i] += partSums.get(i);
        magnitudes[i] += partMagnitudes.get(i);
      }
      List<Long> partGrid = part.getList(4);
      for (int i = 0; i < grid.length; i++) {
        grid[i] += partGrid.get(i);
      }
    }

    double[] means(double[] of) {
      return length > 0 ? Arrays.stream(of).map(sum -> sum / rows).toArray() : new double[0];
    }
  }
}
