package org.deepliftspark.job.export;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Summaries of a bigWig track over bins of one size. Bins start at multiples of their size, so that
 * a coarser level's bins are unions of these. A summary spans from the first to the last position
 * of its bin that has a number, so that readers weigh it by what is there.
 */
final class ZoomLevel implements Closeable {
  /** Most summaries of a block. */
  static final int BLOCK = 512;

  static final int RECORD_BYTES = 32;

  private final int reduction;
  private final ZoomLevel coarser;
  private final BlockFile blocks = new BlockFile();
  private final Summary bin = new Summary();
  private final ByteBuffer block =
      ByteBuffer.allocate(BLOCK * RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private int chromosome;
  private long blockStart;
  private long blockEnd;
  private long records;

  /**
   * @param reduction positions of a bin
   * @param coarser gets the summaries too; null for none
   */
  ZoomLevel(int reduction, ZoomLevel coarser) {
    this.reduction = reduction;
    this.coarser = coarser;
  }

  int reduction() {
    return reduction;
  }

  long records() {
    return records;
  }

  BlockFile blocks() {
    return blocks;
  }

  void add(int chromosome, long position, float value) throws IOException {
    enter(chromosome, position);
    bin.add(position, value);
  }

  private void add(int chromosome, Summary finer) throws IOException {
    enter(chromosome, finer.start);
    bin.add(finer);
  }

  private void enter(int chromosome, long position) throws IOException {
    boolean other = chromosome != this.chromosome;
    if (bin.count > 0 && (other || position / reduction != bin.start / reduction)) {
      endBin();
    }
    if (other) {
      endBlock();
      this.chromosome = chromosome;
    }
  }

  private void endBin() throws IOException {
    if (block.position() == 0) {
      blockStart = bin.start;
    }
    blockEnd = bin.end;
    block.putInt(chromosome).putInt((int) bin.start).putInt((int) bin.end).putInt((int) bin.count);
    block.putFloat(bin.least).putFloat(bin.largest);
    block.putFloat((float) bin.sum).putFloat((float) bin.squares);
    records++;
    if (coarser != null) {
      coarser.add(chromosome, bin);
    }
    bin.clear();
    if (!block.hasRemaining()) {
      endBlock();
    }
  }

  private void endBlock() throws IOException {
    if (block.position() > 0) {
      blocks.add(chromosome, blockStart, blockEnd, block.array(), block.position());
      block.clear();
    }
  }

  /** Writes what is not yet written, here and in the coarser levels. */
  void finish() throws IOException {
    if (bin.count > 0) {
      endBin();
    }
    endBlock();
    if (coarser != null) {
      coarser.finish();
    }
  }

  @Override
  public void close() throws IOException {
    blocks.close();
  }
}
