package org.deepliftspark.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.io.OutputFolder;

/** Scores as Parquet files in the output folder, committed by Spark task by task. */
record PartFiles(
    SparkSession spark, ScoreTable table, OutputFolder output, JobOptions.Output options)
    implements ScoreStore {

  @Override
  public boolean isThere() {
    return !output.before().isEmpty();
  }

  @Override
  public boolean replaces() {
    return output.replaces();
  }

  /** Opening the folder has removed what tasks would move their files from. */
  @Override
  public void fence() {}

  @Override
  public Dataset<Row> before() {
    List<String> files = output.before();
    Dataset<Row> found = spark.read().option("basePath", output.rootPath()).parquet(literal(files));
    table.requireSameColumns(found.schema(), folders(output.rootPath(), files.get(0)));
    return read(files);
  }

  private Dataset<Row> read(List<String> files) {
    return spark
        .read()
        .schema(table.schema())
        .option("basePath", output.rootPath())
        .parquet(literal(files));
  }

  private static String[] literal(List<String> files) {
    return files.stream().map(HadoopFiles::literal).toArray(String[]::new);
  }

  /** Columns that the folders between root and file stand for. */
  private static List<String> folders(String root, String file) {
    List<String> columns = new ArrayList<>();
    for (String part : file.substring(root.length()).split("/")) {
      if (part.contains("=")) {
        columns.add(part.substring(0, part.indexOf('=')));
      }
    }
    return columns;
  }

  /** Every task is a commit of its own. */
  @Override
  public int rounds(int tasks, int cores) {
    return 1;
  }

  /**
   * Writes through Spark's committer: a reader sees whole files or none. Each task's files show
   * when the task commits, so that a job which is killed keeps what its tasks have finished. A task
   * that is repeated gives files of the same names and content.
   */
  @Override
  public void write(Dataset<Row> rows, int round) {
    DataFrameWriter<Row> writer =
        ScoreTable.writer(table.complete(rows), 2)
            .options(ParquetOptions.of(table.schema()))
            .option("compression", options.compression());
    if (options.rowsPerFile() > 0) {
      writer = writer.option("maxRecordsPerFile", options.rowsPerFile());
    }
    if (!options.partitionBy().isEmpty()) {
      writer = writer.partitionBy(options.partitionBy().toArray(new String[0]));
    }
    writer.parquet(output.writePath());
  }

  @Override
  public Dataset<Row> commit(Dataset<Row> valid, List<String> targets) throws IOException {
    List<String> files = output.commit();
    return files.isEmpty() ? spark.createDataFrame(List.<Row>of(), table.schema()) : read(files);
  }

  @Override
  public Map<String, Object> notes() {
    return Map.of();
  }
}
