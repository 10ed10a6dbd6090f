package org.deepliftspark.job.io;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.DataFrameReader;

/** Makes text readers take {@code .zst} files, whether or not Hadoop's native library is there. */
final class Compression {
  private static final String CODECS = "io.compression.codecs";

  private Compression() {}

  static DataFrameReader with(DataFrameReader reader, Configuration configuration) {
    return reader.option(CODECS, codecs(configuration));
  }

  static Configuration with(Configuration configuration) {
    Configuration wider = new Configuration(configuration);
    wider.set(CODECS, codecs(configuration));
    return wider;
  }

  /** Later codecs take the place of earlier ones with the same file extension. */
  private static String codecs(Configuration configuration) {
    String ours = ZstdCodec.class.getName();
    String others = configuration.get(CODECS, "");
    return others.isBlank() ? ours : others + "," + ours;
  }
}
