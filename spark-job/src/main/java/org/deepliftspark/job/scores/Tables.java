package org.deepliftspark.job.scores;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.JobSession;
import org.deepliftspark.job.OutputFormat;
import org.deepliftspark.job.io.Connectors;

/** Tables that commands after scoring read, and the Parquet tables that they write. */
public final class Tables {

  private Tables() {}

  /**
   * Opens a table.
   *
   * @param what what it is called in messages, such as {@code scores}
   * @throws InvalidInputException if there is no such folder, or nothing in it that is a table
   */
  public static Dataset<Row> read(SparkSession spark, String folder, String what) {
    if (!exists(folder)) {
      throw new InvalidInputException("Cannot read " + what + " " + folder + ": no such folder");
    }
    try {
      String format = format(folder);
      Connectors.require(spark, format, "Cannot read " + what + " " + folder);
      return spark.read().format(format).load(folder);
    } catch (InvalidInputException e) {
      throw e;
    } catch (Exception e) { // AnalysisException is checked, but not declared to Java
      String reason = e.getMessage() == null ? "" : e.getMessage().lines().findFirst().orElse("");
      throw new InvalidInputException(
          "Cannot read " + what + " " + folder + ": no table in it (" + reason + ")", e);
    }
  }

  /** Spark's name of what a folder holds. */
  private static String format(String folder) throws IOException {
    Path path = new Path(folder);
    FileSystem fs = fileSystem(path);
    return OutputFormat.of(name -> fs.exists(new Path(path, name))).key();
  }

  /** Whether a file or folder is there. */
  public static boolean exists(String text) {
    try {
      Path path = new Path(text);
      return fileSystem(path).exists(path);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("Invalid path '" + text + "': " + e.getMessage(), e);
    } catch (FileNotFoundException e) {
      return false;
    } catch (IOException e) {
      throw new InvalidInputException("Cannot reach " + text + ": " + e.getMessage(), e);
    }
  }

  static FileSystem fileSystem(Path path) throws IOException {
    return path.getFileSystem(JobSession.hadoop());
  }

  /** Writes a table in place of the one that is there. */
  public static void replace(Dataset<Row> rows, String folder) {
    rows.write()
        .mode(SaveMode.Overwrite)
        .option("compression", "zstd")
        .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
        .parquet(folder);
  }
}
