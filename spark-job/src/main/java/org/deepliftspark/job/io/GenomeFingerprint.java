package org.deepliftspark.job.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.deepliftspark.engine.genome.FastaIndex;
import org.deepliftspark.job.Hashes;

/**
 * Tells a genome from another without reading it: a digest of its size, of stretches that lie
 * evenly over the file, and of the names and lengths in its index. Copies of a file have the same.
 * Not noticed is a change of a few places that keeps the size.
 */
final class GenomeFingerprint {
  private static final int STRETCHES = 16;
  private static final int STRETCH_BYTES = 1 << 16;

  private GenomeFingerprint() {}

  /**
   * @param index null if the file has its own, at its beginning
   */
  static String of(HadoopFiles hadoop, String path, FastaIndex index) throws IOException {
    Path file = HadoopFiles.path(path);
    List<byte[]> parts = new ArrayList<>();
    try (HadoopBytes bytes = HadoopBytes.open(hadoop.fileSystem(file), file)) {
      long size = bytes.size();
      parts.add((size + "\n").getBytes(StandardCharsets.UTF_8));
      int length = (int) Math.min(size, STRETCH_BYTES);
      for (int i = 0; i < STRETCHES; i++) {
        byte[] stretch = new byte[length];
        bytes.read((size - length) / (STRETCHES - 1) * i, ByteBuffer.wrap(stretch));
        parts.add(stretch);
      }
    }
    if (index != null) {
      parts.add(sequences(index).getBytes(StandardCharsets.UTF_8));
    }
    return Hashes.sha256(parts.toArray(new byte[0][]));
  }

  /** The same whether the index was beside the file or had to be made. */
  private static String sequences(FastaIndex index) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(index.entries())
        .forEach(
            (name, entry) -> text.append(name).append('\t').append(entry.bases()).append('\n'));
    return text.toString();
  }
}
