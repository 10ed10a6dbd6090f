package org.deepliftspark.job;

import java.io.IOException;

/** What kind of table scores are kept in. Commands without Spark know it too, and no Hadoop. */
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

  /** Whether a folder holds a file or folder of that name. */
  public interface Folder {
    boolean has(String name) throws IOException;
  }

  /** What a folder holds, by the log that tables keep in it; Parquet if there is none. */
  public static OutputFormat of(Folder folder) throws IOException {
    if (folder.has("_delta_log")) {
      return DELTA;
    }
    return folder.has("metadata/version-hint.text") ? ICEBERG : PARQUET;
  }
}
