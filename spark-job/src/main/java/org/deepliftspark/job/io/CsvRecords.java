package org.deepliftspark.job.io;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.deepliftspark.engine.InvalidInputException;

/**
 * Finds out whether records of CSV files go over several lines, that is whether a quoted field
 * holds a line break. Spark's {@code multiLine} reads such files right, but each by one task, and
 * without it a line of such a record is taken for a record. So the lines are looked through, by
 * many tasks, and large files without such fields stay split.
 */
final class CsvRecords {

  private CsvRecords() {}

  /**
   * Whether some record goes over several lines. If no line by itself leaves a quote open, none
   * does; so lines can be looked at in any order.
   *
   * @throws InvalidInputException if a quoted field of several lines is not closed as it should be,
   *     so that it would swallow the records behind it
   */
  static boolean spanLines(
      SparkSession spark, HadoopFiles hadoop, List<String> inputs, char separator) {
    List<FileStatus> files = TextLines.files(hadoop, inputs);
    List<String> open =
        TextLines.read(spark, files)
            .toDF("line")
            .select(functions.col("line"), functions.expr("input_file_name()").as("file"))
            .filter(functions.col("line").contains("\"")) // most lines are passed over here
            .filter(new LeavesOpen(separator))
            .select("file")
            .distinct()
            .as(Encoders.STRING())
            .collectAsList();
    if (open.isEmpty()) {
      return false;
    }
    HadoopSettings settings = new HadoopSettings(spark.sparkContext().hadoopConfiguration());
    spark
        .createDataset(open, Encoders.STRING())
        .repartition(open.size())
        .map(new FirstUnclosed(settings, separator), Encoders.STRING())
        .filter(functions.col("value").notEqual(""))
        .takeAsList(1)
        .forEach(
            problem -> {
              throw new InvalidInputException(problem);
            });
    return true;
  }

  private record LeavesOpen(char separator) implements FilterFunction<Row> {
    @Override
    public boolean call(Row line) {
      return CsvQuotes.leavesOpen(line.getString(0), separator);
    }
  }

  /** What is wrong with the quotes of a whole file; empty if nothing is. */
  private record FirstUnclosed(HadoopSettings settings, char separator)
      implements MapFunction<String, String> {
    @Override
    public String call(String encoded) throws IOException {
      Path file = new Path(URI.create(encoded));
      HadoopFiles hadoop = new HadoopFiles(settings.configuration());
      try (InputStream in =
          new BufferedInputStream(Compression.open(hadoop, settings.configuration(), file))) {
        long line = firstUnclosed(in, new CsvQuotes(separator));
        return line < 0
            ? ""
            : "Cannot read "
                + file.getName()
                + ": the quoted field that begins in line "
                + line
                + " goes on in the next one and does not end before a separator or a line end."
                + " Close its quote, or double quotes that belong to the text";
      }
    }

    /** The line, from 1, where a field of several lines begins that does not end; or -1. */
    private static long firstUnclosed(InputStream in, CsvQuotes quotes) throws IOException {
      long line = 1;
      long opened = 0;
      int before = 0;
      for (int letter = in.read(); letter >= 0; letter = in.read()) {
        quotes.next(letter);
        if (quotes.hasOpened()) {
          opened = line;
        }
        if (quotes.isOutOfPlace() && line > opened) {
          return opened;
        }
        if (letter == '\r' || (letter == '\n' && before != '\r')) {
          line++;
        }
        before = letter;
      }
      return quotes.isWithin() ? opened : -1;
    }
  }
}
