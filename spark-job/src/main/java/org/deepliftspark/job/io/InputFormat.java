package org.deepliftspark.job.io;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.OutputFormat;

/** Tells from the names of files what they hold. */
final class InputFormat {
  static final String FASTA = "fasta";
  static final String BED = "bed";
  static final String VCF = "vcf";
  static final String CSV = "csv";

  /**
   * Spark's name for values separated by tabs is csv too; the separator follows the file's name.
   */
  static final String TSV = "tsv";

  private static final Map<String, String> BY_EXTENSION =
      Map.ofEntries(
          Map.entry("fa", FASTA),
          Map.entry("fasta", FASTA),
          Map.entry("fna", FASTA),
          Map.entry("ffn", FASTA),
          Map.entry("fas", FASTA),
          Map.entry("vcf", VCF),
          Map.entry("npy", ArraySource.NPY),
          Map.entry("npz", ArraySource.NPZ),
          Map.entry("png", ImageSource.BINARY_FILE),
          Map.entry("jpg", ImageSource.BINARY_FILE),
          Map.entry("jpeg", ImageSource.BINARY_FILE),
          Map.entry("tif", ImageSource.BINARY_FILE),
          Map.entry("tiff", ImageSource.BINARY_FILE),
          Map.entry("gif", ImageSource.BINARY_FILE),
          Map.entry("bmp", ImageSource.BINARY_FILE),
          Map.entry("bed", BED),
          Map.entry("narrowpeak", BED),
          Map.entry("parquet", "parquet"),
          Map.entry("pq", "parquet"),
          Map.entry("csv", CSV),
          Map.entry("tsv", TSV),
          Map.entry("json", "json"),
          Map.entry("jsonl", "json"),
          Map.entry("ndjson", "json"),
          Map.entry("orc", "orc"),
          Map.entry("avro", "avro"));

  private InputFormat() {}

  /** The format of all inputs together. */
  static String detect(HadoopFiles hadoop, List<String> inputs) {
    Set<String> formats = new TreeSet<>();
    List<String> unknown = new ArrayList<>();
    for (String input : inputs) {
      OutputFormat table = table(hadoop, input);
      if (table != OutputFormat.PARQUET) {
        formats.add(table.key());
        continue;
      }
      for (FileStatus file : hadoop.files(input)) {
        String format = BY_EXTENSION.get(extension(file.getPath().getName()));
        if (format == null) {
          unknown.add(file.getPath().getName());
        } else {
          formats.add(format);
        }
      }
    }
    if (formats.size() == 1 && unknown.isEmpty()) {
      return formats.iterator().next();
    }
    throw undecided(inputs, formats, unknown);
  }

  private static InvalidInputException undecided(
      List<String> inputs, Set<String> formats, List<String> unknown) {
    String what = String.join(", ", inputs);
    if (formats.isEmpty() && unknown.isEmpty()) {
      return new InvalidInputException("Cannot read " + what + ": no files in it");
    }
    String found =
        unknown.isEmpty()
            ? "files of several formats (" + String.join(", ", formats) + ")"
            : "the format of " + unknown.get(0) + " is not known by its name";
    return new InvalidInputException(
        "Cannot read " + what + ": " + found + ". Say which it is by --input-format");
  }

  private static OutputFormat table(HadoopFiles hadoop, String input) {
    Path path = HadoopFiles.path(input);
    try {
      FileSystem fs = hadoop.fileSystem(path);
      return OutputFormat.of(name -> fs.exists(new Path(path, name)));
    } catch (java.io.IOException | IllegalArgumentException notAFolder) {
      // patterns and odd names are no tables of lakes; reading them reports what is wrong
      return OutputFormat.PARQUET;
    }
  }

  /** The extension in lower case, without that of a compression. */
  private static String extension(String name) {
    String[] parts = name.toLowerCase(Locale.ROOT).split("\\.");
    int last = parts.length - 1;
    if (last > 0 && Compression.ENDINGS.contains(parts[last])) {
      last--;
    }
    return last > 0 ? parts[last] : "";
  }
}
