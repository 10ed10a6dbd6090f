package org.deepliftspark.job.scores;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.engine.encode.GenomicInterval;

/**
 * Reads the score table of one run by the names of its columns: absent ones are null, and scores
 * may be arrays or little-endian binaries of 32 or 16 bits. Runs on the driver; {@link #decode}
 * runs anywhere.
 */
public final class ScoreReader {
  /** Most targets that a message lists. */
  private static final int TARGETS_SHOWN = 20;

  private static final Set<String> NEEDED = Set.of("id", "target", "contributions");
  private static final DataType TEXT = DataTypes.StringType;
  private static final DataType NUMBER = DataTypes.DoubleType;

  /** What {@link #rows} gives, in this order; scores keep the type that they are stored in. */
  private enum Field {
    ID("id", TEXT),
    SEQUENCE("sequence", TEXT),
    CHROM("chrom", TEXT),
    START("start", DataTypes.LongType),
    END("end", DataTypes.LongType),
    STRAND("strand", TEXT),
    PREDICTION("prediction", NUMBER),
    REFERENCE_PREDICTION("reference_prediction", NUMBER),
    CONVERGENCE_DELTA("convergence_delta", NUMBER),
    SHAPE("shape", DataTypes.createArrayType(DataTypes.IntegerType)),
    CONTRIBUTIONS("contributions", null),
    HYPOTHETICAL("hypothetical", null);

    private final String column;
    private final DataType type;

    Field(String column, DataType type) {
      this.column = column;
      this.type = type;
    }
  }

  private final String folder;
  private final Dataset<Row> table;
  private final Set<String> columns;
  private final String target;

  private ScoreReader(String folder, Dataset<Row> table, String target) {
    this.folder = folder;
    this.table = table;
    this.columns = Set.of(table.columns());
    this.target = target;
  }

  /**
   * Opens the table of a run.
   *
   * @param folder what {@code score} wrote to
   * @param target which target; null if the table holds one only
   * @throws InvalidInputException if there is no such table, or the target is not there or not
   *     named although there are several
   */
  public static ScoreReader open(SparkSession spark, String folder, String target) {
    Dataset<Row> table = Tables.read(spark, folder, "scores");
    Set<String> found = Set.of(table.columns());
    if (!found.containsAll(NEEDED)) {
      throw new InvalidInputException(
          "Cannot read scores "
              + folder
              + ": expected a table that 'score' wrote, with the columns id, target and contributions;"
              + " found "
              + String.join(", ", table.columns()));
    }
    List<String> targets = targets(table);
    if (targets.isEmpty()) {
      throw new InvalidInputException("Cannot read scores " + folder + ": it holds no rows");
    }
    String chosen = target == null && targets.size() == 1 ? targets.get(0) : target;
    if (chosen == null || !targets.contains(chosen)) {
      throw new InvalidInputException(
          (target == null ? "Missing --target: " : "Invalid --target " + target + ": ")
              + folder
              + " holds "
              + (targets.size() == 1 ? "target " : "targets ")
              + listed(targets));
    }
    return new ScoreReader(folder, table.filter(text("target").equalTo(chosen)), chosen);
  }

  private static List<String> targets(Dataset<Row> table) {
    return table
        .select(text("target"))
        .distinct()
        .orderBy(text("target"))
        .as(Encoders.STRING())
        .collectAsList();
  }

  /** A column as text: in folders by target, Spark reads {@code 0} as a number. */
  private static Column text(String column) {
    return col(column).cast(TEXT).as(column);
  }

  private static String listed(List<String> targets) {
    String shown = String.join(", ", targets.subList(0, Math.min(TARGETS_SHOWN, targets.size())));
    return targets.size() > TARGETS_SHOWN ? shown + ", ..." : shown;
  }

  public String folder() {
    return folder;
  }

  public String target() {
    return target;
  }

  public boolean has(String column) {
    return columns.contains(column);
  }

  /**
   * Refuses a table without a column.
   *
   * @param why what needs it and what gives it
   */
  public void require(String column, String why) {
    if (!has(column)) {
      throw new InvalidInputException(
          "Cannot read " + column + " from " + folder + ": the table has no such column; " + why);
    }
  }

  /** The rows of the target with all columns of the table, as they are stored. */
  public Dataset<Row> table() {
    return table;
  }

  /**
   * The rows of the target for {@link #decode}, with named columns of one type each.
   *
   * @param hypothetical whether hypothetical contributions are wanted, four times as many numbers
   */
  public Dataset<Row> rows(boolean hypothetical) {
    List<Column> fields = new ArrayList<>();
    for (Field field : Field.values()) {
      boolean there = has(field.column) && (field != Field.HYPOTHETICAL || hypothetical);
      Column column = there ? col(field.column) : lit(null).cast(absentType(field));
      fields.add((field.type == null ? column : column.cast(field.type)).as(field.column));
    }
    return table.select(fields.toArray(new Column[0]));
  }

  private static DataType absentType(Field field) {
    return field.type == null ? DataTypes.BinaryType : field.type;
  }

  /**
   * Decodes a row that {@link #rows} gave.
   *
   * @throws InvalidInputException if the scores are not as long as the shape or the sequence says
   */
  public static ScoreRow decode(Row row) {
    String id = row.getString(Field.ID.ordinal());
    String sequence = row.getString(Field.SEQUENCE.ordinal());
    int[] shape = shape(row, sequence);
    long size = 1;
    for (int dim : shape) {
      size *= dim;
    }
    float[] contributions = numbers(row, Field.CONTRIBUTIONS, size, id);
    boolean perPosition = sequence != null && size != sequence.length();
    if (perPosition && size != (long) sequence.length() * DnaAlphabet.SIZE) {
      throw wrongLength(id, Field.CONTRIBUTIONS, size, sequence.length());
    }
    float[] hypothetical =
        row.isNullAt(Field.HYPOTHETICAL.ordinal()) || sequence == null
            ? null
            : numbers(row, Field.HYPOTHETICAL, (long) sequence.length() * DnaAlphabet.SIZE, id);
    return new ScoreRow(
        id,
        sequence,
        place(row),
        number(row, Field.PREDICTION),
        number(row, Field.REFERENCE_PREDICTION),
        number(row, Field.CONVERGENCE_DELTA),
        shape,
        contributions,
        hypothetical);
  }

  private static GenomicInterval place(Row row) {
    if (row.isNullAt(Field.CHROM.ordinal())
        || row.isNullAt(Field.START.ordinal())
        || row.isNullAt(Field.END.ordinal())) {
      return null;
    }
    return new GenomicInterval(
        row.getString(Field.CHROM.ordinal()),
        row.getLong(Field.START.ordinal()),
        row.getLong(Field.END.ordinal()),
        row.getString(Field.STRAND.ordinal()));
  }

  private static double number(Row row, Field field) {
    return row.isNullAt(field.ordinal()) ? Double.NaN : row.getDouble(field.ordinal());
  }

  private static int[] shape(Row row, String sequence) {
    if (row.isNullAt(Field.SHAPE.ordinal())) {
      if (sequence == null) {
        throw new InvalidInputException(
            "Cannot read row " + row.getString(0) + ": it has neither shape nor sequence");
      }
      return new int[] {sequence.length()};
    }
    List<Integer> dims = row.getList(Field.SHAPE.ordinal());
    return dims.stream().mapToInt(Integer::intValue).toArray();
  }

  private static float[] numbers(Row row, Field field, long size, String id) {
    Object stored = row.get(field.ordinal());
    float[] numbers =
        stored instanceof byte[] bytes
            ? ofBinary(bytes, size)
            : ofList(row.getList(field.ordinal()));
    if (numbers.length != size) {
      throw wrongLength(id, field, numbers.length, size);
    }
    return numbers;
  }

  private static InvalidInputException wrongLength(
      String id, Field field, long found, long expected) {
    return new InvalidInputException(
        "Cannot read row " + id + ": " + found + " " + field.column + ", expected " + expected);
  }

  private static float[] ofList(List<Float> list) {
    float[] numbers = new float[list.size()];
    int i = 0;
    for (Float number : list) {
      numbers[i++] = number;
    }
    return numbers;
  }

  /** Two bytes or four per number: the size tells which. */
  private static float[] ofBinary(byte[] bytes, long size) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean half = bytes.length == size * Half.BYTES;
    float[] numbers = new float[bytes.length / (half ? Half.BYTES : Float.BYTES)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = half ? Half.toFloat(buffer.getShort()) : buffer.getFloat();
    }
    return numbers;
  }
}
