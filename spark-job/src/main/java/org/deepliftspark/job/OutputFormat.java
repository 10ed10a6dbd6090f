package org.deepliftspark.job;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What kind of table scores are kept in. */
public enum OutputFormat {
  /** Part files in a folder; each task's files show when the task commits. */
  PARQUET("part files of Parquet"),
  /** A table of Delta Lake, in the output folder; rows show round by round. */
  DELTA("a Delta table"),
  /** A table of Apache Iceberg, in the output folder; rows show round by round. */
  ICEBERG("an Iceberg table");

  private final String words;

  OutputFormat(String words) {
    this.words = words;
  }

  /** What a folder of this format is called in messages. */
  String words() {
    return words;
  }

  /** Name of the format for options and for Spark. */
  public String key() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** What a folder holds, by the log that tables keep in it; Parquet if there is none. */
  public static OutputFormat of(FileSystem fs, Path folder) throws IOException {
    if (fs.exists(new Path(folder, "_delta_log"))) {
      return DELTA;
    }
    return fs.exists(new Path(folder, "metadata/version-hint.text")) ? ICEBERG : PARQUET;
  }
}
