package org.deepliftspark.engine.encode;

import org.deepliftspark.engine.InvalidInputException;

/**
 * An image in memory.
 *
 * @param channels gray; gray and alpha; red, green, blue; or these and alpha
 * @param numbers {@code [height, width, channels]}, 0 to 255
 */
public record Pixels(int height, int width, int channels, float[] numbers) {

  /**
   * The image with another number of channels: gray becomes three equal ones, color becomes gray by
   * its luma (ITU-R 601, 0.299 red + 0.587 green + 0.114 blue); alpha is dropped, or added as 255.
   *
   * @param wanted 1, 3 or 4
   */
  public Pixels withChannels(int wanted) {
    if (wanted == channels) {
      return this;
    }
    float[] out = new float[Math.multiplyExact(Math.multiplyExact(height, width), wanted)];
    for (int pixel = 0; pixel < height * width; pixel++) {
      int from = pixel * channels;
      int to = pixel * wanted;
      boolean color = channels >= 3;
      if (wanted == 1) {
        out[to] =
            color
                ? 0.299f * numbers[from] + 0.587f * numbers[from + 1] + 0.114f * numbers[from + 2]
                : numbers[from];
        continue;
      }
      for (int c = 0; c < 3; c++) {
        out[to + c] = numbers[color ? from + c : from];
      }
      if (wanted == 4) {
        out[to + 3] = channels == 2 ? numbers[from + 1] : 255;
      }
    }
    return new Pixels(height, width, wanted, out);
  }

  /** The image with red and blue exchanged. */
  public Pixels reversedColors() {
    float[] out = numbers.clone();
    for (int from = 0; channels >= 3 && from < out.length; from += channels) {
      out[from] = numbers[from + 2];
      out[from + 2] = numbers[from];
    }
    return new Pixels(height, width, channels, out);
  }

  /**
   * The middle of the image; where the difference is odd, the right and the lower edge lose the odd
   * pixel.
   *
   * @throws InvalidInputException if the image is smaller
   */
  public Pixels center(int rows, int columns) {
    if (rows > height || columns > width) {
      throw new InvalidInputException(
          "%d x %d pixels, smaller than the crop %d x %d".formatted(height, width, rows, columns));
    }
    int top = (height - rows) / 2;
    int left = (width - columns) / 2;
    float[] out = new float[rows * columns * channels];
    for (int y = 0; y < rows; y++) {
      int from = ((top + y) * width + left) * channels;
      System.arraycopy(numbers, from, out, y * columns * channels, columns * channels);
    }
    return new Pixels(rows, columns, channels, out);
  }

  /**
   * The image in another size, by a triangle filter that is widened where the image shrinks: what
   * Pillow calls BILINEAR and torchvision bilinear with antialias, without rounding to whole
   * numbers.
   */
  public Pixels resized(int rows, int columns) {
    if (rows == height && columns == width) {
      return this;
    }
    float[] wide = along(numbers, height, width, channels, columns);
    // Rows take the part of columns: each position of a row is then a channel.
    float[] out = along(wide, 1, height, columns * channels, rows);
    return new Pixels(rows, columns, channels, out);
  }

  /** Resamples the middle axis of {@code [outer, length, inner]}. */
  private static float[] along(float[] in, int outer, int length, int inner, int size) {
    float[] out = new float[Math.multiplyExact(Math.multiplyExact(outer, size), inner)];
    double scale = (double) length / size;
    double support = Math.max(1, scale);
    for (int to = 0; to < size; to++) {
      double center = (to + 0.5) * scale;
      int first = (int) Math.max(0, Math.floor(center - support + 0.5));
      int last = (int) Math.min(length, Math.floor(center + support + 0.5));
      double[] weights = new double[last - first];
      double sum = 0;
      for (int i = 0; i < weights.length; i++) {
        weights[i] = Math.max(0, 1 - Math.abs((first + i - center + 0.5) / support));
        sum += weights[i];
      }
      for (int o = 0; o < outer; o++) {
        for (int k = 0; k < inner; k++) {
          double value = 0;
          for (int i = 0; i < weights.length; i++) {
            value += weights[i] * in[(o * length + first + i) * inner + k];
          }
          out[(o * size + to) * inner + k] = (float) (value / sum);
        }
      }
    }
    return out;
  }
}
