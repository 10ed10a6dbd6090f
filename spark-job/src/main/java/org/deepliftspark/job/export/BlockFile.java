package org.deepliftspark.job.export;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Compressed blocks of a bigWig file, in the order of the genome, with what the index has to know
 * of each.
 */
final class BlockFile implements Closeable {

  /**
   * A block.
   *
   * @param chromosome number of the chromosome
   * @param offset from the start of the first block
   * @param bytes compressed
   */
  record Block(int chromosome, long start, long end, long offset, int bytes) {}

  private final Spill spill = new Spill();
  private final List<Block> blocks = new ArrayList<>();
  private final Deflater deflater = new Deflater();

  void add(int chromosome, long start, long end, byte[] raw, int count) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    deflater.reset();
    try (DeflaterOutputStream out = new DeflaterOutputStream(compressed, deflater)) {
      out.write(raw, 0, count);
    }
    blocks.add(new Block(chromosome, start, end, spill.bytes(), compressed.size()));
    spill.write(compressed.toByteArray());
  }

  List<Block> blocks() {
    return blocks;
  }

  Spill spill() {
    return spill;
  }

  @Override
  public void close() throws IOException {
    deflater.end();
    spill.close();
  }
}
