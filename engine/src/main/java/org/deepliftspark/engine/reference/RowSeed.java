package org.deepliftspark.engine.reference;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The seed of a row's references: the first 8 bytes, big-endian, of SHA-256 over the job's seed (8
 * bytes, big-endian) and the row's id (UTF-8). It is the same on every machine and in every
 * partition.
 */
public final class RowSeed {
  private RowSeed() {}

  public static long of(long jobSeed, String rowId) {
    return of(jobSeed, rowId.getBytes(StandardCharsets.UTF_8));
  }

  public static long of(long jobSeed, byte[] rowId) {
    MessageDigest digest = sha256();
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(jobSeed).array());
    return ByteBuffer.wrap(digest.digest(rowId)).getLong();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
