package org.deepliftspark.job.motif;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Tallies a partition's matches: one row of {@link MotifTally#SCHEMA} per motif. */
final class TallyFunction implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final int[] widths;

  /**
   * @param widths of the motifs, by number
   */
  TallyFunction(int[] widths) {
    this.widths = widths.clone();
  }

  /** The columns that this needs, in its order. */
  static Dataset<Row> select(Dataset<Row> matched) {
    return matched.selectExpr(
        "motif_number",
        "context",
        "context_contributions",
        "motif_start - context_start",
        "motif_strand",
        "attribution",
        "score");
  }

  @Override
  public Iterator<Row> call(Iterator<Row> matches) {
    Map<Integer, MotifTally> tallies = new TreeMap<>();
    while (matches.hasNext()) {
      Row match = matches.next();
      tallies
          .computeIfAbsent(match.getInt(0), number -> new MotifTally(widths[number]))
          .add(
              match.getString(1),
              match.getList(2),
              match.getInt(3),
              match.getString(4).equals("-"),
              match.getDouble(5),
              match.getDouble(6));
    }
    List<Row> rows = new ArrayList<>();
    tallies.forEach((motif, tally) -> rows.add(tally.row(motif)));
    return rows.iterator();
  }
}
