package org.deepliftspark.job.io;

import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that every source gives, whatever it reads: {@code id}, {@code problem} (why a row
 * cannot be read, in the words by which rejected rows are counted; otherwise null), {@code detail}
 * (the problem with its particulars), {@code content} (text of the kept columns, part of the row's
 * identity; null if there are none), the place on the genome, then the columns that feed the model
 * as they are, then the kept columns. All may be null.
 */
public final class SourceSchema {
  /** Positions of the columns. */
  public static final int ID_AT = 0;

  public static final int PROBLEM_AT = 1;
  public static final int DETAIL_AT = 2;
  public static final int CONTENT_AT = 3;

  /** First of chrom, start, end and strand: where the sequence as given lies. */
  public static final int PLACE_AT = 4;

  /** First of the columns that feed the model. */
  public static final int INPUTS_AT = 8;

  private static final String INPUT = "input_";

  private SourceSchema() {}

  public static StructType of(List<InputColumn> inputs, List<StructField> kept) {
    StructType schema =
        new StructType()
            .add("id", DataTypes.StringType)
            .add("problem", DataTypes.StringType)
            .add("detail", DataTypes.StringType)
            .add("content", DataTypes.StringType)
            .add("chrom", DataTypes.StringType)
            .add("start", DataTypes.LongType)
            .add("end", DataTypes.LongType)
            .add("strand", DataTypes.StringType);
    for (int i = 0; i < inputs.size(); i++) {
      schema = schema.add(INPUT + i, inputs.get(i).type());
    }
    for (StructField field : kept) {
      schema = schema.add(nullable(field));
    }
    return schema;
  }

  private static StructField nullable(StructField field) {
    return new StructField(field.name(), field.dataType(), true, Metadata.empty());
  }
}
