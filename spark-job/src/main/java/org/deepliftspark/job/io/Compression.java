package org.deepliftspark.job.io;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.sql.DataFrameReader;
import org.deepliftspark.engine.InvalidInputException;

/**
 * Makes text readers take compressed files by the endings of their names: those that Hadoop knows,
 * {@code .zst} whether or not Hadoop's native library is there, and other spellings of them.
 */
final class Compression {
  /** What the names of compressed files end in, in lower case, whether they can be read or not. */
  static final Set<String> ENDINGS =
      Set.of(
          "gz", "bgz", "bz2", "zst", "zstd", "lz4", "snappy", "xz", "lzma", "lzo", "zip", "7z",
          "br", "z");

  private static final String CODECS = "io.compression.codecs";

  private Compression() {}

  static DataFrameReader with(DataFrameReader reader, Configuration configuration) {
    return reader.option(CODECS, codecs(configuration));
  }

  private static Configuration with(Configuration configuration) {
    Configuration wider = new Configuration(configuration);
    wider.set(CODECS, codecs(configuration));
    return wider;
  }

  /** Later codecs take the place of earlier ones with the same file extension. */
  private static String codecs(Configuration configuration) {
    Stream<Class<?>> ours = Stream.concat(Stream.of(ZstdCodec.class), OtherEndings.ALL.stream());
    String names = ours.map(Class::getName).collect(Collectors.joining(","));
    String others = configuration.get(CODECS, "");
    return others.isBlank() ? names : others + "," + names;
  }

  /** The bytes of a file, unpacked as its name says. */
  static InputStream open(HadoopFiles hadoop, Configuration configuration, Path file)
      throws IOException {
    CompressionCodec codec = new CompressionCodecFactory(with(configuration)).getCodec(file);
    InputStream raw = hadoop.open(file);
    try {
      return codec == null ? raw : codec.createInputStream(raw);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  /**
   * Refuses compressed files that would be read as text as they are.
   *
   * @throws InvalidInputException that names the first one
   */
  static void requireKnown(Configuration configuration, List<FileStatus> files) {
    CompressionCodecFactory factory = new CompressionCodecFactory(with(configuration));
    for (FileStatus file : files) {
      String name = file.getPath().getName();
      String ending = name.substring(name.lastIndexOf('.') + 1);
      if (ENDINGS.contains(ending.toLowerCase(Locale.ROOT))
          && (isMixed(ending) || factory.getCodec(file.getPath()) == null)) {
        throw new InvalidInputException(
            "Cannot read "
                + name
                + ": expected no compression, or one that is told by .gz, .bgz, .bz2, .zst or"
                + " .zstd, found ."
                + ending
                + ". Compress it in one of these ways, or rename it if it is");
      }
    }
  }

  /**
   * Neither in lower nor in upper case: some versions of Hadoop know such endings, others do not.
   */
  private static boolean isMixed(String ending) {
    return !ending.equals(ending.toLowerCase(Locale.ROOT))
        && !ending.equals(ending.toUpperCase(Locale.ROOT));
  }
}
