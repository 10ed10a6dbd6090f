package org.deepliftspark.job.fuzz;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.deepliftspark.job.fuzz.FuzzedParser.Seed;

/** Small images in every format that is read, and what mends them after a change. */
final class ImageSeeds {
  private static final int SIDE = 24;
  private static final Map<String, Integer> TYPES =
      Map.of(
          "gray", BufferedImage.TYPE_BYTE_GRAY,
          "gray16", BufferedImage.TYPE_USHORT_GRAY,
          "rgb", BufferedImage.TYPE_3BYTE_BGR,
          "palette", BufferedImage.TYPE_BYTE_INDEXED,
          "bits", BufferedImage.TYPE_BYTE_BINARY);

  private ImageSeeds() {}

  static List<Seed> all() {
    List<Seed> seeds = new ArrayList<>();
    for (String format : List.of("png", "jpg", "tiff", "gif", "bmp")) {
      TYPES.keySet().stream().sorted().forEach(type -> add(seeds, type, format));
    }
    return seeds;
  }

  private static void add(List<Seed> seeds, String type, String format) {
    SplittableRandom random = new SplittableRandom(7);
    BufferedImage image = new BufferedImage(SIDE, SIDE, TYPES.get(type));
    for (int i = 0; i < SIDE * SIDE; i++) {
      image.setRGB(i % SIDE, i / SIDE, random.nextInt());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (ImageIO.write(image, format, out)) { // not every format stores every type
        seeds.add(new Seed(type + "." + format, out.toByteArray()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the checksums of a PNG file anew, so that what was changed is read at all. */
  static byte[] mended(byte[] file, SplittableRandom random) {
    byte[] out = file.clone();
    boolean png = out.length > 16 && out[1] == 'P' && out[2] == 'N' && out[3] == 'G';
    ByteBuffer buffer = ByteBuffer.wrap(out);
    for (long at = 8; png && at + 12 <= out.length; ) {
      int length = buffer.getInt((int) at);
      if (length < 0 || at + 12L + length > out.length) {
        break;
      }
      CRC32 sum = new CRC32();
      sum.update(out, (int) at + 4, length + 4);
      buffer.putInt((int) at + 8 + length, (int) sum.getValue());
      at += 12L + length;
    }
    return out;
  }
}
