package org.deepliftspark.job.io;

import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that every source gives, whatever it reads: {@code id} and {@code sequence} as they
 * are (either may be null), {@code problem} (why a row cannot be read, otherwise null), {@code
 * content} (text of the kept columns, part of the row's identity; null if there are none), then the
 * kept columns.
 */
public final class SourceSchema {
  public static final String ID = "id";
  public static final String SEQUENCE = "sequence";
  public static final String PROBLEM = "problem";
  public static final String CONTENT = "content";

  /** Positions of the columns above. */
  public static final int ID_AT = 0;

  public static final int SEQUENCE_AT = 1;
  public static final int PROBLEM_AT = 2;
  public static final int CONTENT_AT = 3;
  public static final int KEPT_AT = 4;

  private SourceSchema() {}

  public static StructType of(List<StructField> kept) {
    StructType schema =
        new StructType()
            .add(ID, DataTypes.StringType)
            .add(SEQUENCE, DataTypes.StringType)
            .add(PROBLEM, DataTypes.StringType)
            .add(CONTENT, DataTypes.StringType);
    for (StructField field : kept) {
      schema = schema.add(nullable(field));
    }
    return schema;
  }

  private static StructField nullable(StructField field) {
    return new StructField(field.name(), field.dataType(), true, Metadata.empty());
  }
}
