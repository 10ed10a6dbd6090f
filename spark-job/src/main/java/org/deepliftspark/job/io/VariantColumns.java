package org.deepliftspark.job.io;

import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** The columns that tell a variant, first of the kept columns of variant input. */
public final class VariantColumns {
  /** Positions among the kept columns. */
  public static final int POSITION_AT = 0;

  public static final int REF_AT = 1;
  public static final int ALT_AT = 2;

  /** {@code position} counts from 1, as in VCF. */
  static final List<StructField> FIELDS =
      List.of(
          DataTypes.createStructField("position", DataTypes.LongType, true),
          DataTypes.createStructField("ref", DataTypes.StringType, true),
          DataTypes.createStructField("alt", DataTypes.StringType, true));

  private VariantColumns() {}
}
