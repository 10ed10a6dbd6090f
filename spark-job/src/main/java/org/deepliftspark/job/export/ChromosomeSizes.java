package org.deepliftspark.job.export;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.JobSession;
import org.deepliftspark.job.io.HadoopFiles;

/**
 * Lengths of chromosomes, from a file such as UCSC's {@code hg38.chrom.sizes} or a {@code .fai}.
 */
final class ChromosomeSizes {

  private ChromosomeSizes() {}

  /**
   * Reads lines of name and length, separated by tabs; further columns are passed over.
   *
   * @param used the chromosomes that are wanted; others are left out
   */
  static SortedMap<String, Long> read(String file, Collection<String> used) throws IOException {
    SortedMap<String, Long> sizes = new TreeMap<>();
    String text =
        new String(new HadoopFiles(JobSession.hadoop()).read(file), StandardCharsets.UTF_8);
    int number = 0;
    for (String line : text.split("\n")) {
      number++;
      String[] columns = line.strip().split("\t");
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (columns.length < 2 || !columns[1].matches("\\d{1,10}")) {
        throw new InvalidInputException(
            "Invalid line "
                + number
                + " of "
                + file
                + ": expected a chromosome and its length, separated by a tab");
      }
      if (used.contains(columns[0])) {
        sizes.put(columns[0], Long.valueOf(columns[1]));
      }
    }
    return sizes;
  }
}
