package org.deepliftspark.job.export;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.deepliftspark.engine.InvalidInputException;

/**
 * Writes bigWig: compressed blocks of up to 1024 numbers of neighbouring positions, an index, and
 * summaries over bins of 10, 40, 160, ... positions. Blocks wait in local files, since the header
 * has to say where they will lie.
 *
 * <p>Source: W. J. Kent et al., BigWig and BigBed, Bioinformatics 26(17), 2010, supplementary
 * tables 5 to 19.
 */
final class BigWigTrack implements Track, Closeable {
  private static final int MAGIC = 0x888FFC26;
  private static final int VERSION = 4;
  private static final int HEADER_BYTES = 64;
  private static final int ZOOM_HEADER_BYTES = 24;
  private static final int SUMMARY_BYTES = 40;
  private static final int CHROMOSOME_TREE = 0x78CA8C91;
  private static final int BLOCK = 1024;
  private static final int BLOCK_HEADER_BYTES = 24;
  private static final int FIXED_STEP = 3;
  private static final int FIRST_REDUCTION = 10;
  private static final int REDUCTION_FACTOR = 4;
  private static final int MOST_LEVELS = 10;

  private final SortedMap<String, Long> sizes;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final BlockFile blocks = new BlockFile();
  private final List<ZoomLevel> levels = new ArrayList<>();
  private final Summary total = new Summary();
  private final float[] pending = new float[BLOCK];
  private String chromosome;
  private long pendingStart;
  private int pendingCount;

  /**
   * @param sizes lengths of the chromosomes by name
   */
  BigWigTrack(SortedMap<String, Long> sizes) {
    this.sizes = sizes;
    if (sizes.size() > 0xffff) {
      throw new InvalidInputException(
          "Cannot write bigWig: " + sizes.size() + " chromosomes, at most 65535");
    }
    sizes.keySet().forEach(name -> numbers.put(name, numbers.size()));
    int reduction = FIRST_REDUCTION;
    for (int i = 1; i < MOST_LEVELS; i++) {
      reduction *= REDUCTION_FACTOR;
    }
    ZoomLevel coarser = null;
    for (int i = 0; i < MOST_LEVELS; i++) {
      coarser = new ZoomLevel(reduction, coarser);
      levels.add(0, coarser);
      reduction /= REDUCTION_FACTOR;
    }
  }

  @Override
  public void add(String chromosome, long start, float[] values, int count) throws IOException {
    Long size = sizes.get(chromosome);
    if (size == null || start + count > size || size > Integer.MAX_VALUE) {
      throw new InvalidInputException(
          "Invalid place "
              + chromosome
              + ":"
              + start
              + "-"
              + (start + count)
              + ": "
              + (size == null
                  ? "--chrom-sizes has no " + chromosome
                  : chromosome + " has " + size + " positions"));
    }
    if (!chromosome.equals(this.chromosome) || start != pendingStart + pendingCount) {
      endBlock();
      this.chromosome = chromosome;
      pendingStart = start;
    }
    int number = numbers.get(chromosome);
    for (int i = 0; i < count; i++) {
      pending[pendingCount++] = values[i];
      levels.get(0).add(number, start + i, values[i]);
      total.add(start + i, values[i]);
      if (pendingCount == BLOCK) {
        endBlock();
      }
    }
  }

  private void endBlock() throws IOException {
    if (pendingCount > 0) {
      ByteBuffer raw =
          ByteBuffer.allocate(BLOCK_HEADER_BYTES + Float.BYTES * pendingCount)
              .order(ByteOrder.LITTLE_ENDIAN);
      int number = numbers.get(chromosome);
      long end = pendingStart + pendingCount;
      raw.putInt(number).putInt((int) pendingStart).putInt((int) end);
      raw.putInt(1).putInt(1).put((byte) FIXED_STEP).put((byte) 0).putShort((short) pendingCount);
      for (int i = 0; i < pendingCount; i++) {
        raw.putFloat(pending[i]);
      }
      blocks.add(number, pendingStart, end, raw.array(), raw.capacity());
    }
    pendingStart += pendingCount;
    pendingCount = 0;
  }

  /** Writes the file. */
  void finish(OutputStream out) throws IOException {
    endBlock();
    levels.get(0).finish();
    List<ZoomLevel> zooms = useful();
    byte[] tree = chromosomeTree();
    long treeAt = HEADER_BYTES + (long) zooms.size() * ZOOM_HEADER_BYTES + SUMMARY_BYTES;
    long dataAt = treeAt + tree.length;
    long indexAt = dataAt + Integer.BYTES + blocks.spill().bytes();
    byte[] index = BlockIndex.of(blocks.blocks(), dataAt + Integer.BYTES, indexAt, BLOCK);
    long zoomAt = indexAt + index.length;
    ByteBuffer head = ByteBuffer.allocate((int) treeAt).order(ByteOrder.LITTLE_ENDIAN);
    putHeader(head, zooms.size(), treeAt, dataAt, indexAt);
    List<byte[]> zoomIndexes = new ArrayList<>();
    for (ZoomLevel zoom : zooms) {
      long zoomIndexAt = zoomAt + Integer.BYTES + zoom.blocks().spill().bytes();
      byte[] zoomIndex =
          BlockIndex.of(
              zoom.blocks().blocks(), zoomAt + Integer.BYTES, zoomIndexAt, ZoomLevel.BLOCK);
      head.putInt(zoom.reduction()).putInt(0).putLong(zoomAt).putLong(zoomIndexAt);
      zoomIndexes.add(zoomIndex);
      zoomAt = zoomIndexAt + zoomIndex.length;
    }
    head.putLong(total.count).putDouble(total.least).putDouble(total.largest);
    head.putDouble(total.sum).putDouble(total.squares);
    out.write(head.array());
    out.write(tree);
    writeBlocks(out, blocks.blocks().size(), blocks, index);
    for (int i = 0; i < zooms.size(); i++) {
      writeBlocks(out, zooms.get(i).records(), zooms.get(i).blocks(), zoomIndexes.get(i));
    }
    out.write(integer(MAGIC)); // a reader sees by it that the file is whole
    out.flush();
  }

  /** The levels that say less than the one before; at least one. */
  private List<ZoomLevel> useful() {
    List<ZoomLevel> useful = new ArrayList<>();
    for (ZoomLevel level : levels) {
      if (useful.isEmpty() || level.records() < useful.get(useful.size() - 1).records()) {
        useful.add(level);
      }
    }
    return useful;
  }

  private static void putHeader(
      ByteBuffer head, int zooms, long treeAt, long dataAt, long indexAt) {
    int largestBlock =
        Math.max(
            BLOCK_HEADER_BYTES + Float.BYTES * BLOCK, ZoomLevel.RECORD_BYTES * ZoomLevel.BLOCK);
    head.putInt(MAGIC).putShort((short) VERSION).putShort((short) zooms);
    head.putLong(treeAt).putLong(dataAt).putLong(indexAt);
    head.putShort((short) 0).putShort((short) 0).putLong(0); // no fields, no autoSql
    head.putLong(treeAt - SUMMARY_BYTES).putInt(largestBlock).putLong(0);
  }

  /** A tree of one leaf, sorted by name. */
  private byte[] chromosomeTree() {
    int width =
        sizes.keySet().stream()
            .mapToInt(name -> name.getBytes(StandardCharsets.UTF_8).length)
            .max()
            .orElse(1);
    ByteBuffer tree =
        ByteBuffer.allocate(32 + 4 + sizes.size() * (width + 8)).order(ByteOrder.LITTLE_ENDIAN);
    tree.putInt(CHROMOSOME_TREE).putInt(sizes.size()).putInt(width).putInt(8);
    tree.putLong(sizes.size()).putLong(0);
    tree.put((byte) 1).put((byte) 0).putShort((short) sizes.size());
    sizes.forEach(
        (name, size) -> {
          byte[] key = new byte[width];
          byte[] text = name.getBytes(StandardCharsets.UTF_8);
          System.arraycopy(text, 0, key, 0, text.length);
          tree.put(key).putInt(numbers.get(name)).putInt(size.intValue());
        });
    return tree.array();
  }

  private static void writeBlocks(OutputStream out, long items, BlockFile blocks, byte[] index)
      throws IOException {
    out.write(integer((int) items));
    blocks.spill().copyTo(out);
    out.write(index);
  }

  private static byte[] integer(int number) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
  }

  @Override
  public void close() throws IOException {
    blocks.close();
    for (ZoomLevel level : levels) {
      level.close();
    }
  }
}
