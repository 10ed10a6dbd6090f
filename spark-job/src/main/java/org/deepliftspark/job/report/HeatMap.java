package org.deepliftspark.job.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.deepliftspark.job.scores.ScoreRow;

/**
 * Contributions of an image, summed over its channels, as colours: red where they speak for the
 * target, blue where they speak against it, on one scale to both sides of zero. Over the input's
 * grey levels where those are known.
 */
final class HeatMap {
  private static final int FOR = 0xc2122b;
  private static final int AGAINST = 0x1557b0;

  /** How much of the picture a small contribution leaves to the input below. */
  private static final double INPUT_SHARE = 0.55;

  private HeatMap() {}

  /** Whether a row's scores are an image. */
  static boolean fits(ScoreRow row) {
    return !row.isSequence() && (row.shape().length == 2 || row.shape().length == 3);
  }

  /** Sums over the channels, {@code [height * width]}. */
  static float[] sums(ScoreRow row) {
    int channels = row.shape().length > 2 ? row.shape()[2] : 1;
    float[] sums = new float[row.shape()[0] * row.shape()[1]];
    for (int i = 0; i < row.contributions().length; i++) {
      sums[i / channels] += row.contributions()[i];
    }
    return sums;
  }

  static float largest(float[] sums) {
    float largest = 0;
    for (float sum : sums) {
      largest = Math.max(largest, Math.abs(sum));
    }
    return largest;
  }

  /**
   * A picture, as the text of a {@code data:} address.
   *
   * @param sums of the pixels; null for the input alone
   * @param input grey levels from 0 to 1; null for a white ground
   */
  static String dataUri(float[] sums, float[] input, int[] shape) {
    BufferedImage image = new BufferedImage(shape[1], shape[0], BufferedImage.TYPE_INT_RGB);
    float largest = sums == null ? 0 : largest(sums);
    for (int i = 0; i < shape[0] * shape[1]; i++) {
      double share = largest == 0 ? 0 : sums[i] / largest;
      image.setRGB(i % shape[1], i / shape[1], colour(share, input == null ? -1 : input[i], sums));
    }
    try {
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      ImageIO.write(image, "png", png);
      return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
    } catch (IOException e) {
      throw new IllegalStateException("Writing to memory does not fail", e);
    }
  }

  private static int colour(double share, float grey, float[] sums) {
    double ground = grey < 0 ? 1 : sums == null ? grey : 1 - INPUT_SHARE * (1 - grey);
    double strength = Math.min(1, Math.abs(share));
    int full = share >= 0 ? FOR : AGAINST;
    int colour = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      double channel = (1 - strength) * ground * 255 + strength * (full >> shift & 255);
      colour |= (int) Math.round(channel) << shift;
    }
    return colour;
  }
}
