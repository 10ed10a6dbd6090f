package org.deepliftspark.job.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** A genome of two chromosomes, {@code chr1} and {@code chr2}, in every format. */
final class GenomeSeeds {
  static final int BASES = 400;

  private static final int LINE = 50;
  private static final int BLOCK = 128;

  private GenomeSeeds() {}

  private static String bases(long seed) {
    Random random = new Random(seed);
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < BASES; i++) {
      letters.append("ACGTacgtN".charAt(random.nextInt(9)));
    }
    return letters.toString();
  }

  static byte[] fasta() {
    StringBuilder text = new StringBuilder();
    for (int chrom = 1; chrom <= 2; chrom++) {
      text.append(">chr").append(chrom).append(" a description\n");
      String letters = bases(chrom);
      for (int at = 0; at < BASES; at += LINE) {
        text.append(letters, at, at + LINE).append('\n');
      }
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** The index of {@link #fasta}. */
  static byte[] fai() {
    int head = ">chr1 a description\n".length();
    int second = head + BASES / LINE * (LINE + 1) + head;
    return "chr1\t400\t%d\t50\t51\nchr2\t400\t%d\t50\t51\n"
        .formatted(head, second)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** The text of {@link #fasta} in blocks of bgzip, and the {@code .gzi} index of these. */
  record Bgzf(byte[] bytes, byte[] gzi) {}

  static Bgzf bgzf() {
    byte[] text = fasta();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<long[]> starts = new ArrayList<>();
    for (int at = 0; at <= text.length; at += BLOCK) {
      if (at > 0) {
        starts.add(new long[] {out.size(), at});
      }
      out.writeBytes(block(Arrays.copyOfRange(text, at, Math.min(text.length, at + BLOCK))));
    }
    out.writeBytes(block(new byte[0]));
    ByteBuffer gzi = ByteBuffer.allocate(8 + 16 * starts.size()).order(ByteOrder.LITTLE_ENDIAN);
    gzi.putLong(starts.size());
    starts.forEach(start -> gzi.putLong(start[0]).putLong(start[1]));
    return new Bgzf(out.toByteArray(), gzi.array());
  }

  private static byte[] block(byte[] text) {
    Deflater deflater = new Deflater(6, true);
    deflater.setInput(text);
    deflater.finish();
    byte[] data = new byte[text.length + 100];
    int length = deflater.deflate(data);
    deflater.end();
    CRC32 crc = new CRC32();
    crc.update(text);
    ByteBuffer block = ByteBuffer.allocate(18 + length + 8).order(ByteOrder.LITTLE_ENDIAN);
    block.put(new byte[] {0x1F, (byte) 0x8B, 8, 4, 0, 0, 0, 0, 0, -1, 6, 0, 'B', 'C', 2, 0});
    block.putShort((short) (block.capacity() - 1));
    return block.put(data, 0, length).putInt((int) crc.getValue()).putInt(text.length).array();
  }

  /** UCSC's 2bit, of version 0 or 1. */
  static byte[] twoBit(ByteOrder order, int version) {
    int offsetBytes = version == 1 ? 8 : 4;
    int at = 16 + 2 * (5 + offsetBytes);
    byte[][] records = {record(bases(1), order), record(bases(2), order)};
    ByteBuffer out = ByteBuffer.allocate(at + records[0].length + records[1].length).order(order);
    out.putInt(0x1A412743).putInt(version).putInt(2).putInt(0);
    for (int chrom = 0; chrom < 2; chrom++) {
      out.put((byte) 4).put(("chr" + (chrom + 1)).getBytes(StandardCharsets.US_ASCII));
      if (version == 1) {
        out.putLong(at);
      } else {
        out.putInt(at);
      }
      at += records[chrom].length;
    }
    return out.put(records[0]).put(records[1]).array();
  }

  private static byte[] record(String letters, ByteOrder order) {
    List<Integer> unknown = new ArrayList<>();
    for (int i = 0; i < letters.length(); i++) {
      if (letters.charAt(i) == 'N') {
        unknown.add(i);
      }
    }
    ByteBuffer out =
        ByteBuffer.allocate(16 + 8 * unknown.size() + letters.length() / 4).order(order);
    out.putInt(letters.length()).putInt(unknown.size());
    unknown.forEach(out::putInt);
    unknown.forEach(at -> out.putInt(1));
    out.putInt(0).putInt(0);
    for (int i = 0; i < letters.length(); i += 4) {
      int fours = 0;
      for (int k = i; k < i + 4; k++) {
        int code = "TCAG".indexOf(Character.toUpperCase(letters.charAt(k)));
        fours = fours << 2 | Math.max(0, code);
      }
      out.put((byte) fours);
    }
    return out.array();
  }
}
