package org.deepliftspark.job;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** How Parquet files of scores are written. */
final class ParquetOptions {
  private static final String DICTIONARY = "parquet.enable.dictionary#";

  private ParquetOptions() {}

  /**
   * Options that keep Parquet from looking for repetitions in arrays of scores, as numbers or as
   * binary, and in kept columns of such types. Scores hardly repeat, so that it would enter each
   * number of the first megabyte into a hash table, find at the end that the dictionary saves
   * nothing, and write the numbers as they are.
   *
   * @param schema of the rows
   */
  static Map<String, String> of(StructType schema) {
    Map<String, String> options = new LinkedHashMap<>();
    for (StructField field : schema.fields()) {
      String column = arrays(field.name(), field.dataType());
      if (column != null) {
        options.put(DICTIONARY + column, "false");
      }
    }
    return options;
  }

  /** Parquet's name of what a column holds; null if that is neither binary nor array of numbers. */
  private static String arrays(String path, DataType type) {
    if (type instanceof BinaryType) {
      return path;
    }
    DataType element = type;
    StringBuilder name = new StringBuilder(path);
    while (element instanceof ArrayType array) {
      name.append(".list.element");
      element = array.elementType();
    }
    boolean numbers = element instanceof FloatType || element instanceof DoubleType;
    return numbers && element != type ? name.toString() : null;
  }
}
