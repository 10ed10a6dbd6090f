package org.deepliftspark.job.io;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.engine.InvalidInputException;

/**
 * References of rows from a table: {@code id}, the row's, and {@code references}, an array with a
 * sequence for each, or with the numbers of each as an array.
 *
 * @param rows of the columns {@code id} and {@code references}, ids different
 * @param letters whether references are sequences
 * @param count references of every row
 * @param fingerprint of ids and references, in whatever order, files and format they lie
 */
public record ReferenceTable(Dataset<Row> rows, boolean letters, int count, String fingerprint) {
  private static final String ID = "id";
  private static final String REFERENCES = "references";
  private static final String DIGEST = "digest";

  /**
   * Opens a table and counts the references of its first row.
   *
   * @throws InvalidInputException if it lacks a column, is empty, or has an id twice
   */
  public static ReferenceTable open(SparkSession spark, HadoopFiles hadoop, String path) {
    String format = InputFormat.detect(hadoop, List.of(path));
    Dataset<Row> table = TableSource.table(spark, hadoop, List.of(path), format).rows().get();
    StructType schema = table.schema();
    if (!Arrays.asList(schema.fieldNames()).containsAll(List.of(ID, REFERENCES))) {
      throw invalid(
          path,
          "expected columns id and references, found " + String.join(", ", schema.fieldNames()));
    }
    boolean letters = isLetters(schema, path);
    Dataset<Row> rows =
        table.select(col(ID).cast("string"), col(REFERENCES)).filter(col(REFERENCES).isNotNull());
    String fingerprint = fingerprint(rows, path);
    Row first = rows.limit(1).collectAsList().stream().findFirst().orElse(null);
    int references = first == null ? 0 : first.getList(1).size();
    if (references == 0) {
      throw invalid(path, "there are no references in it");
    }
    return new ReferenceTable(rows, letters, references, fingerprint);
  }

  /** Looks for ids that are there twice, and digests the table on the way. */
  private static String fingerprint(Dataset<Row> rows, String path) {
    Row found =
        rows.withColumn(DIGEST, functions.xxhash64(col(ID), col(REFERENCES)))
            .groupBy(ID)
            .agg(functions.count(lit(1)).as("n"), functions.min(DIGEST).as(DIGEST))
            .agg(
                functions.max(functions.when(col("n").gt(1), col(ID))),
                functions.count(lit(1)),
                functions.expr("bit_xor(" + DIGEST + ")"))
            .first();
    if (!found.isNullAt(0)) {
      throw invalid(path, "id " + found.getString(0) + " is there more than once");
    }
    long digest = found.isNullAt(2) ? 0 : found.getLong(2);
    return String.format(Locale.ROOT, "%d rows, %016x", found.getLong(1), digest);
  }

  private static boolean isLetters(StructType schema, String path) {
    if (schema.apply(REFERENCES).dataType() instanceof ArrayType array) {
      if (array.elementType() instanceof StringType) {
        return true;
      }
      if (array.elementType() instanceof ArrayType inner
          && (inner.elementType() instanceof NumericType
              || inner.elementType() instanceof ArrayType)) {
        return false;
      }
    }
    throw invalid(
        path,
        "expected column references of type array of string, or array of arrays of numbers, found "
            + schema.apply(REFERENCES).dataType().simpleString());
  }

  private static InvalidInputException invalid(String path, String what) {
    return new InvalidInputException("Invalid --references table:" + path + ": " + what);
  }

  /** The rows with the column of references under another name, for joining by {@code id}. */
  public Dataset<Row> as(String id, String references) {
    return rows.toDF(id, references);
  }
}
