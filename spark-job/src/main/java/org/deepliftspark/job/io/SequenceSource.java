package org.deepliftspark.job.io;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;

/**
 * Sequences as a dataset of {@link SourceSchema}.
 *
 * @param rows not yet read
 * @param kept columns that go to the output as they are
 * @param named whether ids are names that may hold a place on a genome, as FASTA's do
 * @param bytes of all input files as they are stored, for planning
 */
public record SequenceSource(Dataset<Row> rows, List<StructField> kept, boolean named, long bytes) {

  /**
   * What to read.
   *
   * @param inputs files, folders and patterns
   * @param format {@code auto}, {@code fasta} or a Spark format
   * @param sequenceColumn null to find it
   * @param idColumn null for none
   * @param keptColumns columns to keep
   */
  public record Request(
      List<String> inputs,
      String format,
      String sequenceColumn,
      String idColumn,
      List<String> keptColumns) {
    /** Value of {@code format} that goes by the files' names. */
    public static final String AUTO = "auto";
  }

  /**
   * Checks the input and makes ready to read it.
   *
   * @throws org.deepliftspark.engine.InvalidInputException if a file is missing, of an unknown
   *     format, or lacks a column
   */
  public static SequenceSource open(SparkSession spark, HadoopFiles hadoop, Request request) {
    String format =
        request.format().equals(Request.AUTO)
            ? InputFormat.detect(hadoop, request.inputs())
            : request.format();
    return format.equals(InputFormat.FASTA)
        ? FastaSource.open(spark, hadoop, request)
        : TableSource.open(spark, hadoop, request, format);
  }

  static long bytes(HadoopFiles hadoop, List<String> inputs) {
    return inputs.stream()
        .flatMap(input -> hadoop.files(input).stream())
        .mapToLong(file -> file.getLen())
        .sum();
  }
}
