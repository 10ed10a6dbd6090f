package org.deepliftspark.job;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Digests of files, for provenance and keys. */
public final class Hashes {

  private Hashes() {}

  /** SHA-256 over several arrays, one after the other, in hex; null arrays are left out. */
  public static String sha256(byte[]... parts) {
    return HexFormat.of().formatHex(digest(parts).digest());
  }

  /** The same over arrays and then files of any size. */
  public static String sha256(List<Path> files, byte[]... parts) throws IOException {
    MessageDigest digest = digest(parts);
    for (Path file : files) {
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        if (part != null) {
          digest.update(part);
        }
      }
      return digest;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
