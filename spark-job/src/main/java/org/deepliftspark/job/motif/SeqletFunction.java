package org.deepliftspark.job.motif;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.deepliftspark.job.motif.SeqletCaller.Seqlet;
import org.deepliftspark.job.scores.ScoreReader;
import org.deepliftspark.job.scores.ScoreRow;

/** Calls the seqlets of a row. */
final class SeqletFunction implements FlatMapFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SpanNull> chance;
  private final SeqletOptions options;

  SeqletFunction(Broadcast<SpanNull> chance, SeqletOptions options) {
    this.chance = chance;
    this.options = options;
  }

  @Override
  public Iterator<Row> call(Row stored) {
    ScoreRow row = ScoreReader.decode(stored);
    float[] observed = row.observed();
    List<Row> seqlets = new ArrayList<>();
    for (Seqlet seqlet : new SeqletCaller(chance.value(), options).call(observed)) {
      seqlets.add(SeqletTable.row(row, seqlets.size(), seqlet, observed));
    }
    return seqlets.iterator();
  }
}
