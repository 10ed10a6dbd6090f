package org.deepliftspark.job.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.encode.FastaRecords;
import org.deepliftspark.engine.graph.Node;

/**
 * Reads FASTA files, plain or compressed, split at records so that one large file keeps many tasks
 * busy.
 */
final class FastaSource {
  /** Files whose beginning is looked at before the job starts. */
  private static final int FILES_CHECKED = 20;

  private static final int HEAD_BYTES = 4096;

  private FastaSource() {}

  static SequenceSource open(
      SparkSession spark, HadoopFiles hadoop, SequenceSource.Request request, List<Node> inputs) {
    refuseTableOptions(request);
    List<InputColumn> columns = List.of(SequenceSource.onlySequence("FASTA", inputs));
    List<FileStatus> files = TextLines.files(hadoop, request.inputs());
    Configuration configuration = spark.sparkContext().hadoopConfiguration();
    Compression.requireKnown(configuration, files);
    files.stream().limit(FILES_CHECKED).forEach(file -> check(hadoop, configuration, file));
    Dataset<Row> records =
        Compression.with(spark.read(), configuration)
            .option("lineSep", FastaRecords.SEPARATOR)
            .option("recursiveFileLookup", "true")
            .text(
                files.stream()
                    .map(file -> HadoopFiles.literal(file.getPath().toString()))
                    .toArray(String[]::new))
            .select(
                functions.col("value"),
                functions.expr("input_file_name()"),
                functions.expr("input_file_block_start()"));
    Dataset<Row> rows =
        records.mapPartitions(
            new FastaFunction(), Encoders.row(SourceSchema.of(columns, List.of())));
    long bytes = files.stream().mapToLong(FileStatus::getLen).sum();
    return new SequenceSource(() -> rows, columns, List.of(), bytes);
  }

  private static void refuseTableOptions(SequenceSource.Request request) {
    if (!request.columns().isEmpty()
        || request.idColumn() != null
        || !request.keptColumns().isEmpty()) {
      throw new InvalidInputException(
          "Invalid options for FASTA input: --sequence-col, --id-col and --keep-cols need a table");
    }
  }

  private static void check(HadoopFiles hadoop, Configuration configuration, FileStatus file) {
    String head = head(hadoop, configuration, file);
    if (!head.isBlank() && !FastaRecords.isFasta(head)) {
      String line = head.strip().lines().findFirst().orElse("");
      String shown = line.length() > 20 ? line.substring(0, 20) + "..." : line;
      throw new InvalidInputException(
          "Cannot read "
              + file.getPath().getName()
              + " as FASTA: it starts with '"
              + shown
              + "', expected '>'");
    }
  }

  private static String head(HadoopFiles hadoop, Configuration configuration, FileStatus file) {
    try (InputStream in = Compression.open(hadoop, configuration, file.getPath())) {
      return new String(in.readNBytes(HEAD_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot read " + file.getPath().getName() + ": " + e.getMessage(), e);
    }
  }
}
