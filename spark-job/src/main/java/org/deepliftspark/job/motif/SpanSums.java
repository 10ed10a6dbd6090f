package org.deepliftspark.job.motif;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * How often sums of contributions over neighbouring positions are how large, by the number of
 * positions and by sign. Mutable; one thread.
 */
final class SpanSums {
  /** Sums below 2 to this power fall together. */
  private static final int LEAST_EXPONENT = -40;

  private final int shortest;
  private final int longest;

  /** Counts by sign, length and bucket. */
  private final long[][][] counts;

  SpanSums(int shortest, int longest) {
    this.shortest = shortest;
    this.longest = longest;
    this.counts = new long[2][longest - shortest + 1][LogBuckets.COUNT];
  }

  /** Sums of the first 0, 1, 2, ... contributions. */
  static double[] prefixes(float[] contributions) {
    double[] prefixes = new double[contributions.length + 1];
    for (int i = 0; i < contributions.length; i++) {
      prefixes[i + 1] = prefixes[i] + contributions[i];
    }
    return prefixes;
  }

  /** Counts every span of a row. */
  void add(float[] contributions) {
    double[] prefixes = prefixes(contributions);
    for (int length = shortest; length <= longest; length++) {
      for (int start = 0; start + length < prefixes.length; start++) {
        double sum = prefixes[start + length] - prefixes[start];
        counts[SpanNull.sign(sum)][length - shortest][LogBuckets.of(sum, LEAST_EXPONENT)]++;
      }
    }
  }

  /** The null distribution that the counts give. */
  SpanNull nullDistribution() {
    double[][] quantiles = new double[2][longest - shortest + 1];
    for (int sign = 0; sign < 2; sign++) {
      for (int length = 0; length < quantiles[sign].length; length++) {
        quantiles[sign][length] = quantile(counts[sign][length]);
      }
    }
    return new SpanNull(shortest, quantiles);
  }

  private static double quantile(long[] ofLength) {
    long all = 0;
    for (long count : ofLength) {
      all += count;
    }
    long below = 0;
    int bucket = 0;
    while (bucket < LogBuckets.COUNT - 1 && below + ofLength[bucket] < SpanNull.QUANTILE * all) {
      below += ofLength[bucket++];
    }
    return LogBuckets.end(bucket, LEAST_EXPONENT);
  }

  /** The counts, compressed; most are zero. */
  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(bytes))) {
      for (long[][] ofSign : counts) {
        for (long[] ofLength : ofSign) {
          for (long count : ofLength) {
            out.writeLong(count);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Adds counts that {@link #toBytes} gave. */
  void add(byte[] bytes) {
    try (DataInputStream in =
        new DataInputStream(new GZIPInputStream(new ByteArrayInputStream(bytes), 1 << 16))) {
      for (long[][] ofSign : counts) {
        for (long[] ofLength : ofSign) {
          for (int bucket = 0; bucket < LogBuckets.COUNT; bucket++) {
            ofLength[bucket] += in.readLong();
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
