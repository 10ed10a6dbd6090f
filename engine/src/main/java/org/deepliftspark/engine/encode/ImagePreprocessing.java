package org.deepliftspark.engine.encode;

import java.io.Serializable;
import java.util.List;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Shape;

/**
 * What becomes of an image before a model sees it, in this order: channels, size, crop, then {@code
 * (pixel * scale - mean) / std} with pixels from 0 to 255.
 *
 * @param blueFirst whether the model takes blue before red
 * @param resize null to keep the size
 * @param crop the middle that is kept; null for all
 * @param mean per channel, or one for all; empty for 0
 * @param std per channel, or one for all; empty for 1
 */
public record ImagePreprocessing(
    boolean blueFirst, Size resize, Size crop, float scale, List<Float> mean, List<Float> std)
    implements Serializable {

  /** Pixels as they are. */
  public static final ImagePreprocessing NONE =
      new ImagePreprocessing(false, null, null, 1, List.of(), List.of());

  /** Largest side of an image that is asked for. */
  private static final int MOST_SIDE = 1 << 14;

  /**
   * A size in pixels.
   *
   * @param width 0 if {@code height} is that of the shorter side, the other following
   */
  public record Size(int height, int width) implements Serializable {

    /**
     * Reads {@code HEIGHTxWIDTH}, or one number for the shorter side.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static Size parse(String text) {
      String[] parts = text.strip().split("x", -1);
      try {
        int height = Integer.parseInt(parts[0]);
        int width = parts.length == 1 ? 0 : Integer.parseInt(parts[1]);
        boolean sides = parts.length == 1 || (parts.length == 2 && width > 0);
        if (sides && height > 0 && Math.max(height, width) <= MOST_SIDE) {
          return new Size(height, width);
        }
      } catch (NumberFormatException e) {
        // said below
      }
      throw new IllegalArgumentException(
          "HEIGHTxWIDTH or the length of the shorter side, up to " + MOST_SIDE);
    }

    private Size of(Pixels image) {
      if (width > 0) {
        return this;
      }
      int shorter = Math.min(image.height(), image.width());
      return new Size(
          (int) Math.max(1, (long) image.height() * height / shorter),
          (int) Math.max(1, (long) image.width() * height / shorter));
    }
  }

  public ImagePreprocessing {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  /**
   * The numbers of an image as the model takes them.
   *
   * @param shape of the input, {@code [height, width, channels]}
   * @throws InvalidInputException if the image has another size in the end; the message goes on
   *     from "image: "
   */
  public float[] apply(Pixels image, Shape shape) {
    Pixels pixels = image.withChannels(shape.dim(2));
    if (blueFirst) {
      pixels = pixels.reversedColors();
    }
    if (resize != null) {
      Size size = resize.of(pixels);
      if ((long) size.height * size.width > ImageDecoder.MOST_PIXELS) {
        throw new InvalidInputException(
            "%d x %d pixels after resizing, at most %d"
                .formatted(size.height, size.width, ImageDecoder.MOST_PIXELS));
      }
      pixels = pixels.resized(size.height, size.width);
    }
    if (crop != null) {
      pixels = pixels.center(crop.height, crop.width == 0 ? crop.height : crop.width);
    }
    if (pixels.height() != shape.dim(0) || pixels.width() != shape.dim(1)) {
      throw new InvalidInputException(
          "%d x %d pixels, model expects %d x %d"
              .formatted(pixels.height(), pixels.width(), shape.dim(0), shape.dim(1)));
    }
    return normalized(pixels);
  }

  private float[] normalized(Pixels pixels) {
    float[] out = new float[pixels.numbers().length];
    for (int i = 0; i < out.length; i++) {
      int channel = i % pixels.channels();
      float centered = pixels.numbers()[i] * scale - at(mean, channel, 0);
      out[i] = centered / at(std, channel, 1);
    }
    return out;
  }

  private static float at(List<Float> numbers, int channel, float otherwise) {
    if (numbers.isEmpty()) {
      return otherwise;
    }
    return numbers.get(numbers.size() == 1 ? 0 : channel);
  }

  /**
   * Checks the settings against an input.
   *
   * @throws InvalidInputException if means or deviations are not one per channel
   */
  public void check(Shape shape) {
    int channels = shape.dim(2);
    if (channels != 1 && channels != 3 && channels != 4) {
      throw new InvalidInputException(
          "Cannot score images: the model expects 1, 3 or 4 channels last, found shape " + shape);
    }
    for (List<Float> numbers : List.of(mean, std)) {
      if (numbers.size() > 1 && numbers.size() != channels) {
        throw new InvalidInputException(
            "Invalid --preprocessing-mean or --preprocessing-std: expected "
                + channels
                + " numbers, one per channel, found "
                + numbers.size());
      }
    }
  }
}
