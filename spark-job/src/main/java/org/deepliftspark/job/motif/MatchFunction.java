package org.deepliftspark.job.motif;

import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.job.motif.MotifMatcher.Match;

/** Adds to a row of the seqlet table the motif that the seqlet is likest to. */
final class MatchFunction implements MapFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  /** What is added; without a match all of it is null, but the p-value is 1. */
  static final StructType SCHEMA =
      SeqletTable.SCHEMA
          .add("motif_number", DataTypes.IntegerType)
          .add("motif_start", DataTypes.IntegerType)
          .add("motif_end", DataTypes.IntegerType)
          .add("motif_strand", DataTypes.StringType)
          .add("score", DataTypes.DoubleType)
          .add("match_p_value", DataTypes.DoubleType)
          .add("bucket", DataTypes.IntegerType);

  private static final int START = SeqletTable.SCHEMA.fieldIndex("start");
  private static final int END = SeqletTable.SCHEMA.fieldIndex("end");
  private static final int CONTEXT_START = SeqletTable.SCHEMA.fieldIndex("context_start");
  private static final int CONTEXT = SeqletTable.SCHEMA.fieldIndex("context");
  private static final int ADDED = SeqletTable.SCHEMA.length();

  private final Broadcast<MotifMatcher> matcher;
  private final int[] widths;

  /**
   * @param widths of the motifs, by number
   */
  MatchFunction(Broadcast<MotifMatcher> matcher, int[] widths) {
    this.matcher = matcher;
    this.widths = widths.clone();
  }

  @Override
  public Row call(Row seqlet) {
    int contextStart = seqlet.getInt(CONTEXT_START);
    int from = seqlet.getInt(START) - contextStart;
    int to = seqlet.getInt(END) - contextStart;
    Match match = matcher.value().best(seqlet.getString(CONTEXT), from, to);
    Object[] values = new Object[SCHEMA.length()];
    for (int i = 0; i < ADDED; i++) {
      values[i] = seqlet.get(i);
    }
    double pValue = match == null ? 1 : match.pValue();
    if (match != null) {
      int start = contextStart + match.start();
      values[ADDED] = match.motif();
      values[ADDED + 1] = start;
      values[ADDED + 2] = start + widths[match.motif()];
      values[ADDED + 3] = match.reverse() ? "-" : "+";
      values[ADDED + 4] = match.bits();
    }
    values[ADDED + 5] = pValue;
    values[ADDED + 6] = QValues.bucket(pValue);
    return RowFactory.create(values);
  }
}
