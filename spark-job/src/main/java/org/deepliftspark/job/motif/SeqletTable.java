package org.deepliftspark.job.motif;

import java.util.Arrays;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.engine.encode.GenomicInterval;
import org.deepliftspark.job.export.Places;
import org.deepliftspark.job.motif.SeqletCaller.Seqlet;
import org.deepliftspark.job.scores.ScoreRow;

/** The columns of a seqlet table. */
public final class SeqletTable {
  /** Positions on either side of a seqlet that its context holds, where the row has them. */
  static final int CONTEXT = 20;

  public static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.StringType)
          .add("seqlet", DataTypes.IntegerType)
          .add("start", DataTypes.IntegerType)
          .add("end", DataTypes.IntegerType)
          .add("chrom", DataTypes.StringType)
          .add("chrom_start", DataTypes.LongType)
          .add("chrom_end", DataTypes.LongType)
          .add("strand", DataTypes.StringType)
          .add("attribution", DataTypes.DoubleType)
          .add("p_value", DataTypes.DoubleType)
          .add("sequence", DataTypes.StringType)
          .add("context_start", DataTypes.IntegerType)
          .add("context", DataTypes.StringType)
          .add("context_contributions", DataTypes.createArrayType(DataTypes.FloatType, false));

  private SeqletTable() {}

  /**
   * A row of the table.
   *
   * @param number of the seqlet in its row, from 0
   * @param observed contributions of the row, one per position
   */
  static Row row(ScoreRow row, int number, Seqlet seqlet, float[] observed) {
    int start = seqlet.start();
    int end = seqlet.end();
    GenomicInterval place = Places.of(row, start, end - start);
    int from = Math.max(0, start - CONTEXT);
    int to = Math.min(row.length(), end + CONTEXT);
    return RowFactory.create(
        row.id(),
        number,
        start,
        end,
        place == null ? null : place.chrom(),
        place == null ? null : place.start(),
        place == null ? null : place.end(),
        place == null ? null : place.strand(),
        seqlet.attribution(),
        seqlet.pValue(),
        row.sequence().substring(start, end),
        from,
        row.sequence().substring(from, to),
        Arrays.copyOfRange(observed, from, to));
  }
}
