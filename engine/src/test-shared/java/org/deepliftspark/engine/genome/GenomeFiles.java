package org.deepliftspark.engine.genome;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes small genomes in every format, for the tests of both modules. */
public final class GenomeFiles {

  private GenomeFiles() {}

  /** Bases in both cases, with N among every last ten of fifty. */
  public static String draw(int length, long seed) {
    Random random = new Random(seed);
    StringBuilder letters = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      letters.append("ACGTacgtNn".charAt(random.nextInt(i % 50 < 40 ? 8 : 10)));
    }
    return letters.toString();
  }

  public static byte[] fasta(Map<String, String> chroms, int lineBases, String lineEnd) {
    StringBuilder text = new StringBuilder();
    chroms.forEach(
        (name, letters) -> {
          text.append('>').append(name).append(" a description").append(lineEnd);
          for (int at = 0; at < letters.length(); at += lineBases) {
            text.append(letters, at, Math.min(letters.length(), at + lineBases)).append(lineEnd);
          }
        });
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Compressed bytes and their {@code .gzi}. */
  public record Bgzf(byte[] bytes, byte[] gzi) {}

  /** A text in blocks of bgzip. */
  public static Bgzf bgzf(byte[] text, int blockBytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<long[]> starts = new ArrayList<>();
    for (int at = 0; at <= text.length; at += blockBytes) {
      if (at > 0) {
        starts.add(new long[] {out.size(), at});
      }
      int end = Math.min(text.length, at + blockBytes);
      out.writeBytes(block(Arrays.copyOfRange(text, at, end)));
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
    block.put(
        new byte[] {0x1F, (byte) 0x8B, 8, 4, 0, 0, 0, 0, 0, (byte) 255, 6, 0, 'B', 'C', 2, 0});
    block.putShort((short) (18 + length + 8 - 1));
    block.put(data, 0, length).putInt((int) crc.getValue()).putInt(text.length);
    return block.array();
  }

  /** UCSC's 2bit, of version 0 or 1. */
  public static byte[] twoBit(Map<String, String> chroms, ByteOrder order, int version) {
    int offsetBytes = version == 1 ? 8 : 4;
    int indexBytes =
        chroms.keySet().stream().mapToInt(name -> 1 + name.length() + offsetBytes).sum();
    ByteBuffer head = ByteBuffer.allocate(16 + indexBytes).order(order);
    head.putInt(0x1A412743).putInt(version).putInt(chroms.size()).putInt(0);
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    chroms.forEach(
        (name, letters) -> {
          int offset = 16 + indexBytes + records.size();
          head.put((byte) name.length()).put(name.getBytes(StandardCharsets.UTF_8));
          if (version == 1) {
            head.putLong(offset);
          } else {
            head.putInt(offset);
          }
          records.writeBytes(record(letters, order));
        });
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head.array());
    out.writeBytes(records.toByteArray());
    return out.toByteArray();
  }

  private static byte[] record(String letters, ByteOrder order) {
    List<int[]> unknown = stretches(letters, "Nn");
    List<int[]> masked = stretches(letters, "acgtn");
    int packed = (letters.length() + 3) / 4;
    ByteBuffer out =
        ByteBuffer.allocate(16 + 8 * unknown.size() + 8 * masked.size() + packed).order(order);
    out.putInt(letters.length());
    for (List<int[]> stretches : List.of(unknown, masked)) {
      out.putInt(stretches.size());
      stretches.forEach(stretch -> out.putInt(stretch[0]));
      stretches.forEach(stretch -> out.putInt(stretch[1]));
    }
    out.putInt(0);
    for (int at = 0; at < packed; at++) {
      int fours = 0;
      for (int i = 4 * at; i < 4 * at + 4; i++) {
        char letter = i < letters.length() ? Character.toUpperCase(letters.charAt(i)) : 'T';
        fours = fours << 2 | Math.max(0, "TCAG".indexOf(letter));
      }
      out.put((byte) fours);
    }
    return out.array();
  }

  private static List<int[]> stretches(String letters, String kind) {
    List<int[]> found = new ArrayList<>();
    for (int at = 0; at < letters.length(); at++) {
      if (kind.indexOf(letters.charAt(at)) >= 0) {
        int start = at;
        while (at < letters.length() && kind.indexOf(letters.charAt(at)) >= 0) {
          at++;
        }
        found.add(new int[] {start, at - start});
      }
    }
    return found;
  }
}
