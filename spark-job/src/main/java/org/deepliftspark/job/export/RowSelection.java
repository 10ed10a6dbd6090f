package org.deepliftspark.job.export;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.deepliftspark.job.scores.ScoreReader;
import org.deepliftspark.job.scores.ScoreRow;

/** The rows that are exported, in their order, one at a time. */
final class RowSelection {

  private RowSelection() {}

  /** The sample of the options, in their order; {@code rows} is for whoever iterates. */
  static Dataset<Row> of(ScoreReader scores, ArrayOptions options) {
    Dataset<Row> rows = scores.rows(true);
    if (options.sample() > 0) {
      Dataset<Row> hashes =
          rows.select(xxhash64(col("id")).as("hash")).orderBy("hash").limit(options.sample());
      List<Row> last = hashes.agg(max("hash")).collectAsList();
      rows = rows.filter(xxhash64(col("id")).leq(last.get(0).getLong(0)));
    }
    return rows.orderBy(keys(options.order()));
  }

  /** What rows are sorted by. */
  static Column[] keys(RowOrder order) {
    return switch (order) {
      case ID -> new Column[] {col("id")};
      case PLACE -> new Column[] {col("chrom"), col("start"), col("end"), col("id")};
      case PREDICTION -> new Column[] {col("prediction").desc(), col("id")};
    };
  }

  /** Decodes rows as they are asked for and passes over those that are not wanted. */
  static Iterator<ScoreRow> decoded(Iterator<Row> rows, Predicate<ScoreRow> wanted) {
    return new Iterator<>() {
      private ScoreRow next;

      @Override
      public boolean hasNext() {
        while (next == null && rows.hasNext()) {
          ScoreRow row = ScoreReader.decode(rows.next());
          next = wanted.test(row) ? row : null;
        }
        return next != null;
      }

      @Override
      public ScoreRow next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        ScoreRow row = next;
        next = null;
        return row;
      }
    };
  }
}
