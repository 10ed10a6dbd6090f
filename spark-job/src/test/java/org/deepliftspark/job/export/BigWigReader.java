package org.deepliftspark.job.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads small bigWig files from the specification alone: through the chromosome tree, the R-trees
 * and the blocks, as a browser does.
 */
final class BigWigReader {
  private final ByteBuffer file;
  final Map<String, Integer> numbers = new LinkedHashMap<>();
  final Map<String, Integer> sizes = new LinkedHashMap<>();

  /** A summary of a zoom level. */
  record Zoomed(
      int chromosome, int start, int end, int count, float least, float largest, float sum) {}

  BigWigReader(Path path) throws IOException {
    file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    if (file.getInt(0) != 0x888FFC26 || file.getInt(file.limit() - 4) != 0x888FFC26) {
      throw new IOException("No bigWig");
    }
    readChromosomes((int) file.getLong(8));
  }

  private void readChromosomes(int at) {
    int width = file.getInt(at + 8);
    int node = at + 32;
    int count = file.getShort(node + 2);
    for (int i = 0; i < count; i++) {
      int entry = node + 4 + i * (width + 8);
      byte[] key = new byte[width];
      file.get(entry, key);
      String name = new String(key, StandardCharsets.UTF_8).replace("\0", "");
      numbers.put(name, file.getInt(entry + width));
      sizes.put(name, file.getInt(entry + width + 4));
    }
  }

  int zoomLevels() {
    return file.getShort(6);
  }

  int reduction(int level) {
    return file.getInt(64 + 24 * level);
  }

  double[] totals() {
    int at = (int) file.getLong(44);
    return new double[] {
      file.getLong(at), file.getDouble(at + 8), file.getDouble(at + 16), file.getDouble(at + 24)
    };
  }

  /** The number at each position of a stretch, NaN where there is none. */
  float[] values(String chromosome, int start, int end) throws DataFormatException {
    float[] values = new float[end - start];
    java.util.Arrays.fill(values, Float.NaN);
    for (ByteBuffer block : blocks((int) file.getLong(24), numbers.get(chromosome), start, end)) {
      int at = block.getInt(4);
      for (int i = 0; i < block.getShort(22); i++, at++) {
        if (at >= start && at < end) {
          values[at - start] = block.getFloat(24 + 4 * i);
        }
      }
    }
    return values;
  }

  List<Zoomed> zoomed(int level, String chromosome, int start, int end) throws DataFormatException {
    int index = (int) file.getLong(64 + 24 * level + 16);
    List<Zoomed> found = new ArrayList<>();
    for (ByteBuffer block : blocks(index, numbers.get(chromosome), start, end)) {
      while (block.hasRemaining()) {
        Zoomed zoomed =
            new Zoomed(
                block.getInt(),
                block.getInt(),
                block.getInt(),
                block.getInt(),
                block.getFloat(),
                block.getFloat(),
                block.getFloat());
        block.getFloat();
        found.add(zoomed);
      }
    }
    return found;
  }

  private List<ByteBuffer> blocks(int index, int chromosome, int start, int end)
      throws DataFormatException {
    if (file.getInt(index) != 0x2468ACE0) {
      throw new IllegalStateException("No index at " + index);
    }
    List<ByteBuffer> blocks = new ArrayList<>();
    descend(index + 48, chromosome, start, end, blocks);
    return blocks;
  }

  private void descend(int node, int chromosome, int start, int end, List<ByteBuffer> into)
      throws DataFormatException {
    boolean leaf = file.get(node) == 1;
    int count = file.getShort(node + 2);
    for (int i = 0; i < count; i++) {
      int entry = node + 4 + i * (leaf ? 32 : 24);
      boolean before =
          compare(file.getInt(entry + 8), file.getInt(entry + 12), chromosome, start) <= 0;
      boolean after = compare(file.getInt(entry), file.getInt(entry + 4), chromosome, end) >= 0;
      if (!before && !after && leaf) {
        into.add(inflated((int) file.getLong(entry + 16), (int) file.getLong(entry + 24)));
      } else if (!before && !after) {
        descend((int) file.getLong(entry + 16), chromosome, start, end, into);
      }
    }
  }

  private static int compare(int chromosome, int position, int otherChromosome, int other) {
    return chromosome == otherChromosome
        ? Integer.compare(position, other)
        : Integer.compare(chromosome, otherChromosome);
  }

  private ByteBuffer inflated(int at, int bytes) throws DataFormatException {
    byte[] compressed = new byte[bytes];
    file.get(at, compressed);
    Inflater inflater = new Inflater();
    inflater.setInput(compressed);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 12];
    while (!inflater.finished()) {
      out.write(buffer, 0, inflater.inflate(buffer));
    }
    inflater.end();
    if (out.size() > file.getInt(52)) {
      throw new IllegalStateException("Block larger than the header says");
    }
    return ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
  }
}
