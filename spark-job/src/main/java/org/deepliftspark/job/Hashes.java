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
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.Models;

/** Digests of files, for provenance and keys. */
public final class Hashes {

  private Hashes() {}

  /** SHA-256 over several arrays, one after the other, in hex; null arrays are left out. */
  public static String sha256(byte[]... parts) {
    return HexFormat.of().formatHex(digest(parts).digest());
  }

  /**
   * SHA-256 of a model: of its file and, where there are some, of the files with its weights after
   * it, in hex.
   *
   * @throws InvalidInputException if such a file cannot be read
   */
  public static String ofModel(ModelSource source) {
    try {
      return sha256(Models.otherFiles(source), source.bytes(), source.weights());
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot read the weights of " + source.name() + ": " + e.getMessage(), e);
    }
  }

  /** SHA-256 over arrays and then files of any size. */
  private static String sha256(List<Path> files, byte[]... parts) throws IOException {
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
