package org.deepliftspark.job.motif;

import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.deepliftspark.job.scores.ScoreReader;

/** Counts the spans of a partition. */
final class SpanSumsFunction implements MapPartitionsFunction<Row, byte[]> {
  private static final long serialVersionUID = 1L;

  private final int shortest;
  private final int longest;

  SpanSumsFunction(SeqletOptions options) {
    this.shortest = options.shortest();
    this.longest = options.longest();
  }

  @Override
  public Iterator<byte[]> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator();
    }
    SpanSums sums = new SpanSums(shortest, longest);
    while (rows.hasNext()) {
      sums.add(ScoreReader.decode(rows.next()).observed());
    }
    return Collections.singleton(sums.toBytes()).iterator();
  }
}
