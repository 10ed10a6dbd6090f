package org.deepliftspark.job.scores;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Score tables as {@code score} writes them, in any encoding, of rows that a test makes up. */
public final class ScoreTables {
  /** How scores are stored. */
  public enum Encoding {
    ARRAY,
    FULL,
    F32,
    F16
  }

  /**
   * A row.
   *
   * @param place such as {@code chr1:100-200(-)}; null for none
   * @param hypothetical {@code [length, 4]}
   */
  public record Scored(String id, String sequence, String place, float[] hypothetical) {
    /** Contributions of the letters that stand there; zero at N. */
    public float[] observed() {
      float[] observed = new float[sequence.length()];
      for (int i = 0; i < observed.length; i++) {
        int letter = "ACGT".indexOf(sequence.charAt(i));
        observed[i] = letter < 0 ? 0 : hypothetical[4 * i + letter];
      }
      return observed;
    }

    double mass() {
      double sum = 0;
      for (float number : observed()) {
        sum += number;
      }
      return sum;
    }
  }

  private ScoreTables() {}

  /** A row of random scores, multiples of 1/64 so that 16 bits hold them exactly. */
  public static Scored random(String id, String sequence, String place) {
    Random random = new Random(id.hashCode());
    float[] hypothetical = new float[4 * sequence.length()];
    for (int i = 0; i < hypothetical.length; i++) {
      hypothetical[i] = (random.nextInt(129) - 64) / 64f;
    }
    return new Scored(id, sequence, place, hypothetical);
  }

  /** Letters drawn by a seed. */
  public static String sequence(int length, long seed) {
    Random random = new Random(seed);
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < length; i++) {
      letters.append("ACGT".charAt(random.nextInt(4)));
    }
    return letters.toString();
  }

  public static String write(
      SparkSession spark, Path folder, Encoding encoding, List<Scored> scored) {
    return write(spark, folder, encoding, "0", scored);
  }

  /** Adds the rows of a target to the table in a folder. */
  public static String write(
      SparkSession spark, Path folder, Encoding encoding, String target, List<Scored> scored) {
    boolean binary = encoding == Encoding.F32 || encoding == Encoding.F16;
    DataType scores =
        binary ? DataTypes.BinaryType : DataTypes.createArrayType(DataTypes.FloatType, false);
    StructType schema =
        new StructType()
            .add("id", DataTypes.StringType)
            .add("sequence", DataTypes.StringType)
            .add("chrom", DataTypes.StringType)
            .add("start", DataTypes.LongType)
            .add("end", DataTypes.LongType)
            .add("strand", DataTypes.StringType)
            .add("target", DataTypes.StringType)
            .add("prediction", DataTypes.DoubleType)
            .add("reference_prediction", DataTypes.DoubleType)
            .add("convergence_delta", DataTypes.DoubleType)
            .add("shape", DataTypes.createArrayType(DataTypes.IntegerType, false))
            .add("contributions", scores)
            .add("hypothetical", scores);
    List<Row> rows = new ArrayList<>();
    for (Scored row : scored) {
      rows.add(row(row, encoding, target));
    }
    spark.createDataFrame(rows, schema).write().mode("append").parquet(folder.toString());
    return folder.toString();
  }

  private static Row row(Scored row, Encoding encoding, String target) {
    String[] place = row.place() == null ? new String[4] : row.place().split("[:()-]", 5);
    int length = row.sequence().length();
    boolean full = encoding == Encoding.FULL;
    String strand = row.place() == null ? null : row.place().endsWith("(-)") ? "-" : "+";
    return RowFactory.create(
        row.id(),
        row.sequence(),
        place[0],
        place[0] == null ? null : Long.valueOf(place[1]),
        place[0] == null ? null : Long.valueOf(place[2]),
        strand,
        target,
        row.mass() + 0.5,
        0.5,
        0.0,
        full ? new int[] {length, 4} : new int[] {length},
        stored(full ? projected(row) : row.observed(), encoding),
        stored(row.hypothetical(), encoding));
  }

  private static float[] projected(Scored row) {
    float[] projected = new float[row.hypothetical().length];
    for (int i = 0; i < row.sequence().length(); i++) {
      int letter = "ACGT".indexOf(row.sequence().charAt(i));
      if (letter >= 0) {
        projected[4 * i + letter] = row.hypothetical()[4 * i + letter];
      }
    }
    return projected;
  }

  private static Object stored(float[] numbers, Encoding encoding) {
    if (encoding == Encoding.ARRAY || encoding == Encoding.FULL) {
      return numbers;
    }
    int bytes = encoding == Encoding.F16 ? 2 : 4;
    ByteBuffer buffer = ByteBuffer.allocate(bytes * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float number : numbers) {
      if (bytes == 2) {
        buffer.putShort(Half.of(number));
      } else {
        buffer.putFloat(number);
      }
    }
    return buffer.array();
  }
}
