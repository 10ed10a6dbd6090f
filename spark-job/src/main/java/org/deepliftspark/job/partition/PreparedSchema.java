package org.deepliftspark.job.partition;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Rows made ready for scoring: the columns that go to the output as they are (id, sequence as
 * scored, place on the genome, kept columns), then what tells duplicates and rejected rows, then
 * what feeds the model besides the sequence.
 */
public final class PreparedSchema {
  public static final String ID = "id";
  public static final String SEQUENCE = "sequence";
  public static final String CHROM = "chrom";
  public static final String START = "start";
  public static final String END = "end";
  public static final String STRAND = "strand";

  /** 128-bit hash of the row's content, in hex. */
  public static final String HASH = "deeplift_hash";

  /** Why the row is rejected, in a few words by which rows are counted; null if it is not. */
  public static final String REASON = "deeplift_reason";

  /** The reason with its particulars. */
  public static final String DETAIL = "deeplift_detail";

  /** Length of the first input as given: bases, numbers or bytes. */
  public static final String LENGTH = "deeplift_length";

  /** The first letters of the sequence as given, for rejected rows. */
  public static final String HEAD = "deeplift_head";

  /** How many rows of the input had this id and content. */
  public static final String COPIES = "deeplift_copies";

  /** Targets of the id that the output holds already; null if it holds none. */
  public static final String DONE = "deeplift_done";

  /** Reason of rows of which the output holds enough. */
  public static final String IN_OUTPUT = "already in the output";

  /** {@link #HASH} of markers: sorts before any row's. */
  static final String MARKER_HASH = "";

  /** Position of {@link #DETAIL} after {@link #HASH}. */
  static final int DETAIL_OFFSET = 2;

  /** Position of {@link #DONE} after {@link #HASH}. */
  static final int DONE_OFFSET = 6;

  static final int ID_AT = 0;
  static final int SEQUENCE_AT = 1;
  static final int START_AT = 3;

  /** Number of columns before the kept ones. */
  static final int FIXED = 6;

  /** Number of columns between the kept ones and those that feed the model. */
  static final int BOOKKEEPING = DONE_OFFSET + 1;

  private PreparedSchema() {}

  public static StructType of(List<StructField> kept, RowInputs inputs) {
    StructType schema = output(kept);
    return inputs.addTo(
        schema
            .add(HASH, DataTypes.StringType)
            .add(REASON, DataTypes.StringType)
            .add(DETAIL, DataTypes.StringType)
            .add(LENGTH, DataTypes.IntegerType)
            .add(HEAD, DataTypes.StringType)
            .add(COPIES, DataTypes.LongType)
            .add(DONE, DataTypes.createArrayType(DataTypes.StringType)));
  }

  /**
   * Markers of what the output holds, to stand among prepared rows of the same kept columns.
   *
   * @param scored rows {@code [id, target]}
   */
  public static Dataset<Row> markers(
      Dataset<Row> scored, List<StructField> kept, RowInputs inputs) {
    Column id = scored.col(scored.columns()[0]);
    Column target = scored.col(scored.columns()[1]);
    List<Column> columns = new ArrayList<>();
    for (StructField field : of(kept, inputs).fields()) {
      Column column =
          switch (field.name()) {
            case ID -> id;
            case HASH -> functions.lit(MARKER_HASH);
            case COPIES -> functions.lit(0L);
            case DONE -> functions.array(target);
            default -> functions.lit(null).cast(field.dataType());
          };
      columns.add(column.as(field.name()));
    }
    return scored.select(columns.toArray(new Column[0]));
  }

  /** The columns that go to the output as they are. */
  static StructType output(List<StructField> kept) {
    StructType schema =
        new StructType()
            .add(ID, DataTypes.StringType)
            .add(SEQUENCE, DataTypes.StringType)
            .add(CHROM, DataTypes.StringType)
            .add(START, DataTypes.LongType)
            .add(END, DataTypes.LongType)
            .add(STRAND, DataTypes.StringType);
    for (StructField field : kept) {
      schema = schema.add(field.name(), field.dataType(), true);
    }
    return schema;
  }
}
