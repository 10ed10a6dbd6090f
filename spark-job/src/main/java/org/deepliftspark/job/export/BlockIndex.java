package org.deepliftspark.job.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.job.export.BlockFile.Block;

/**
 * The R-tree by which bigWig readers find blocks ("cirTree"): levels of nodes from the root down.
 * Source: W. J. Kent et al., BigWig and BigBed, Bioinformatics 26(17), 2010, supplementary tables
 * 14 to 17.
 */
final class BlockIndex {
  private static final int MAGIC = 0x2468ACE0;
  private static final int HEADER_BYTES = 48;
  private static final int NODE_BYTES = 4;
  private static final int LEAF_BYTES = 32;
  private static final int CHILD_BYTES = 24;

  /** Entries of a node. */
  private static final int FAN_OUT = 256;

  /** What an entry covers: from the start of the first block to the end of the last. */
  private record Range(Block first, Block last) {}

  private BlockIndex() {}

  /**
   * @param firstBlock file offset of the first block
   * @param here file offset of the index
   * @param itemsPerBlock most items of a block
   */
  static byte[] of(List<Block> blocks, long firstBlock, long here, int itemsPerBlock) {
    List<List<Range>> levels = levels(blocks); // from the blocks up to one node's entries
    ByteBuffer out = ByteBuffer.allocate(bytes(levels)).order(ByteOrder.LITTLE_ENDIAN);
    Block last = blocks.get(blocks.size() - 1);
    out.putInt(MAGIC).putInt(FAN_OUT).putLong(blocks.size());
    putRange(out, new Range(blocks.get(0), last));
    out.putLong(firstBlock + last.offset() + last.bytes()).putInt(itemsPerBlock).putInt(0);
    long below = here + HEADER_BYTES;
    for (int level = levels.size() - 1; level >= 0; level--) {
      List<Range> entries = levels.get(level);
      boolean leaf = level == 0;
      int perEntry = leaf ? LEAF_BYTES : CHILD_BYTES;
      below += levelBytes(entries.size(), perEntry);
      int childBytes = NODE_BYTES + FAN_OUT * (level == 1 ? LEAF_BYTES : CHILD_BYTES);
      for (int i = 0; i < entries.size(); i++) {
        if (i % FAN_OUT == 0) {
          int count = Math.min(FAN_OUT, entries.size() - i);
          out.put((byte) (leaf ? 1 : 0)).put((byte) 0).putShort((short) count);
        }
        putRange(out, entries.get(i));
        if (leaf) {
          Block block = entries.get(i).first();
          out.putLong(firstBlock + block.offset()).putLong(block.bytes());
        } else {
          out.putLong(below + (long) i * childBytes);
        }
      }
    }
    return out.array();
  }

  private static List<List<Range>> levels(List<Block> blocks) {
    List<List<Range>> levels = new ArrayList<>();
    levels.add(blocks.stream().map(block -> new Range(block, block)).toList());
    while (levels.get(levels.size() - 1).size() > FAN_OUT) {
      List<Range> below = levels.get(levels.size() - 1);
      List<Range> above = new ArrayList<>();
      for (int from = 0; from < below.size(); from += FAN_OUT) {
        int to = Math.min(from + FAN_OUT, below.size());
        above.add(new Range(below.get(from).first(), below.get(to - 1).last()));
      }
      levels.add(above);
    }
    return levels;
  }

  private static int bytes(List<List<Range>> levels) {
    long bytes = HEADER_BYTES;
    for (int level = 0; level < levels.size(); level++) {
      bytes += levelBytes(levels.get(level).size(), level == 0 ? LEAF_BYTES : CHILD_BYTES);
    }
    return Math.toIntExact(bytes);
  }

  private static long levelBytes(int entries, int perEntry) {
    int nodes = (entries + FAN_OUT - 1) / FAN_OUT;
    return (long) nodes * NODE_BYTES + (long) entries * perEntry;
  }

  private static void putRange(ByteBuffer out, Range range) {
    out.putInt(range.first().chromosome()).putInt((int) range.first().start());
    out.putInt(range.last().chromosome()).putInt((int) range.last().end());
  }
}
