package org.deepliftspark.job.io;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/** Lines of text files, plain or compressed. */
final class TextLines {

  private TextLines() {}

  /** The files that inputs stand for; see {@link HadoopFiles#files}. */
  static List<FileStatus> files(HadoopFiles hadoop, List<String> inputs) {
    return inputs.stream().flatMap(input -> hadoop.files(input).stream()).toList();
  }

  static long bytes(List<FileStatus> files) {
    return files.stream().mapToLong(FileStatus::getLen).sum();
  }

  /**
   * @throws org.deepliftspark.engine.InvalidInputException if a file is compressed in a way that is
   *     not known
   */
  static Dataset<String> read(SparkSession spark, List<FileStatus> files) {
    Configuration configuration = spark.sparkContext().hadoopConfiguration();
    Compression.requireKnown(configuration, files);
    return Compression.with(spark.read(), configuration)
        .text(
            files.stream()
                .map(file -> HadoopFiles.literal(file.getPath().toString()))
                .toArray(String[]::new))
        .as(Encoders.STRING());
  }
}
