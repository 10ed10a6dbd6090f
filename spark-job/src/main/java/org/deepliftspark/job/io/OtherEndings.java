package org.deepliftspark.job.io;

import java.util.List;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.GzipCodec;

/**
 * Codecs under file names that Hadoop does not tell them by: it has one ending for a codec, in
 * lower case. What bgzip writes is gzip.
 */
public final class OtherEndings {
  static final List<Class<? extends CompressionCodec>> ALL =
      List.of(
          UpperGzip.class,
          Bgzip.class,
          UpperBgzip.class,
          UpperBzip2.class,
          UpperZstd.class,
          LongZstd.class,
          UpperLongZstd.class);

  private OtherEndings() {}

  /** Gzip called {@code .GZ}. */
  public static final class UpperGzip extends GzipCodec {
    @Override
    public String getDefaultExtension() {
      return ".GZ";
    }
  }

  /** Gzip called {@code .bgz}. */
  public static final class Bgzip extends GzipCodec {
    @Override
    public String getDefaultExtension() {
      return ".bgz";
    }
  }

  /** Gzip called {@code .BGZ}. */
  public static final class UpperBgzip extends GzipCodec {
    @Override
    public String getDefaultExtension() {
      return ".BGZ";
    }
  }

  /** Bzip2 called {@code .BZ2}. */
  public static final class UpperBzip2 extends BZip2Codec {
    @Override
    public String getDefaultExtension() {
      return ".BZ2";
    }
  }

  /** Zstandard called {@code .ZST}. */
  public static final class UpperZstd extends ZstdCodec {
    @Override
    public String getDefaultExtension() {
      return ".ZST";
    }
  }

  /** Zstandard called {@code .zstd}. */
  public static final class LongZstd extends ZstdCodec {
    @Override
    public String getDefaultExtension() {
      return ".zstd";
    }
  }

  /** Zstandard called {@code .ZSTD}. */
  public static final class UpperLongZstd extends ZstdCodec {
    @Override
    public String getDefaultExtension() {
      return ".ZSTD";
    }
  }
}
