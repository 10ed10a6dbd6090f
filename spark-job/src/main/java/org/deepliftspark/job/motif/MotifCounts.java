package org.deepliftspark.job.motif;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The tables of a motif run that count over its matches. */
final class MotifCounts {
  private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType, false);

  private static final StructType MOTIFS =
      new StructType()
          .add("motif", DataTypes.StringType)
          .add("name", DataTypes.StringType)
          .add("width", DataTypes.IntegerType)
          .add("consensus", DataTypes.StringType)
          .add("seqlets", DataTypes.LongType)
          .add("positive", DataTypes.LongType)
          .add("rows", DataTypes.LongType)
          .add("mean_attribution", DataTypes.DoubleType)
          .add("mean_score", DataTypes.DoubleType)
          .add("contributions", FLOATS)
          .add("letters", FLOATS)
          .add("probabilities", FLOATS);

  private static final StructType PAIRS =
      new StructType()
          .add("motif_a", DataTypes.StringType)
          .add("motif_b", DataTypes.StringType)
          .add("rows_a", DataTypes.LongType)
          .add("rows_b", DataTypes.LongType)
          .add("rows_both", DataTypes.LongType)
          .add("expected", DataTypes.DoubleType)
          .add("log2_ratio", DataTypes.DoubleType)
          .add("p_value", DataTypes.DoubleType);

  private final SparkSession spark;
  private final List<Motif> motifs;
  private final Dataset<Row> matched;

  /**
   * @param matched rows of {@link MatchFunction#SCHEMA} whose match counts
   */
  MotifCounts(SparkSession spark, List<Motif> motifs, Dataset<Row> matched) {
    this.spark = spark;
    this.motifs = motifs;
    this.matched = matched;
  }

  /** One row per motif that has a match, those with most seqlets first. */
  Dataset<Row> motifs() {
    Map<Integer, Long> rows = rowsByMotif();
    List<Row> table = new ArrayList<>();
    tallies()
        .forEach((number, tally) -> table.add(row(motifs.get(number), tally, rows.get(number))));
    table.sort(
        (a, b) -> {
          int bySeqlets = Long.compare(b.getLong(4), a.getLong(4));
          return bySeqlets != 0 ? bySeqlets : a.getString(0).compareTo(b.getString(0));
        });
    return spark.createDataFrame(table, MOTIFS).coalesce(1);
  }

  private static Row row(Motif motif, MotifTally tally, long rows) {
    List<Float> probabilities = new ArrayList<>();
    for (double[] column : motif.probabilities()) {
      for (double probability : column) {
        probabilities.add((float) probability);
      }
    }
    return RowFactory.create(
        motif.id(),
        motif.name(),
        motif.width(),
        motif.consensus(),
        tally.seqlets(),
        tally.positive(),
        rows,
        tally.meanAttribution(),
        tally.meanBits(),
        tally.meanContributions(),
        tally.letterShares(),
        probabilities);
  }

  private Map<Integer, Long> rowsByMotif() {
    Map<Integer, Long> rows = new HashMap<>();
    matched
        .select("motif_number", "id")
        .distinct()
        .groupBy("motif_number")
        .count()
        .collectAsList()
        .forEach(row -> rows.put(row.getInt(0), row.getLong(1)));
    return rows;
  }

  private Map<Integer, MotifTally> tallies() {
    int[] widths = motifs.stream().mapToInt(Motif::width).toArray();
    Map<Integer, MotifTally> tallies = new HashMap<>();
    Iterator<Row> parts =
        TallyFunction.select(matched)
            .mapPartitions(new TallyFunction(widths), Encoders.row(MotifTally.SCHEMA))
            .toLocalIterator();
    while (parts.hasNext()) {
      Row part = parts.next();
      int motif = part.getInt(0);
      tallies.computeIfAbsent(motif, number -> new MotifTally(widths[number])).add(part);
    }
    return tallies;
  }

  /** How many motifs have their middle in which bin of the rows' positions. */
  Dataset<Row> positions(int bin) {
    Dataset<Row> middles =
        matched.selectExpr(
            "motif_number",
            "CAST(floor((motif_start + motif_end) / (2.0D * " + bin + ")) AS INT) AS bin");
    Dataset<Row> counts =
        middles.groupBy("motif_number", "bin").count().withColumnRenamed("count", "seqlets");
    return named(spark, motifs, counts)
        .selectExpr(
            "motif", "bin * " + bin + " AS start", "(bin + 1) * " + bin + " AS end", "seqlets")
        .orderBy("motif", "start")
        .coalesce(1);
  }

  /**
   * How often two motifs are in one row.
   *
   * @param all rows that were scored
   */
  Dataset<Row> pairs(long all) {
    Dataset<Row> there = matched.select("id", "motif_number").distinct();
    Dataset<Row> left = there.withColumnRenamed("motif_number", "a");
    Dataset<Row> right = there.withColumnRenamed("motif_number", "b");
    Map<Integer, Long> rows = rowsByMotif();
    List<Row> pairs = new ArrayList<>();
    for (Row both :
        left.join(right, "id")
            .filter(col("a").lt(col("b")))
            .groupBy("a", "b")
            .count()
            .collectAsList()) {
      pairs.add(pair(both.getInt(0), both.getInt(1), both.getLong(2), rows, all));
    }
    pairs.sort(
        Comparator.comparingDouble((Row pair) -> pair.getDouble(7))
            .thenComparing(pair -> pair.getString(0))
            .thenComparing(pair -> pair.getString(1)));
    return spark.createDataFrame(pairs, PAIRS).coalesce(1);
  }

  private Row pair(int a, int b, long both, Map<Integer, Long> rows, long all) {
    long rowsA = rows.get(a);
    long rowsB = rows.get(b);
    double expected = (double) rowsA * rowsB / all;
    return RowFactory.create(
        motifs.get(a).id(),
        motifs.get(b).id(),
        rowsA,
        rowsB,
        both,
        expected,
        Math.log(both / expected) / Math.log(2),
        Hypergeometric.upperTail(all, rowsA, rowsB, both));
  }

  /** Adds the ids of motifs, by their numbers; null where there is no number. */
  static Dataset<Row> named(SparkSession spark, List<Motif> motifs, Dataset<Row> rows) {
    List<Row> ids = new ArrayList<>();
    for (int number = 0; number < motifs.size(); number++) {
      ids.add(RowFactory.create(number, motifs.get(number).id()));
    }
    StructType schema =
        new StructType()
            .add("motif_number", DataTypes.IntegerType)
            .add("motif", DataTypes.StringType);
    return rows.join(
        broadcast(spark.createDataFrame(ids, schema)), new String[] {"motif_number"}, "left");
  }
}
