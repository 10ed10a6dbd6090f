package org.deepliftspark.job.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;

/** The image that a row was scored on, as grey levels of the size of its scores. */
final class ImageInput {
  private static final int MOST_PIXELS = 1 << 26;

  private ImageInput() {}

  /**
   * Grey levels from 0 to 1.
   *
   * @param stored bytes of an image file, a struct of Spark's image source, a list of numbers of
   *     the shape, or null
   * @param shape {@code [height, width]} or {@code [height, width, channels]}
   * @return {@code [height * width]}, or null if this is no image that can be read
   */
  static float[] grey(Object stored, int[] shape) {
    if (shape.length < 2) {
      return null;
    }
    if (stored instanceof byte[] bytes) {
      return ofFile(bytes, shape[0], shape[1]);
    }
    if (stored instanceof Row image) {
      return ofSpark(image, shape[0], shape[1]);
    }
    return stored instanceof List<?> numbers ? ofNumbers(numbers, shape) : null;
  }

  private static float[] ofFile(byte[] bytes, int height, int width) {
    try {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
      if (image == null || (long) image.getWidth() * image.getHeight() > MOST_PIXELS) {
        return null;
      }
      float[] grey = new float[height * width];
      for (int i = 0; i < grey.length; i++) {
        int y = (int) ((i / width + 0.5) * image.getHeight() / height);
        int x = (int) ((i % width + 0.5) * image.getWidth() / width);
        int rgb = image.getRGB(x, y);
        grey[i] = ((rgb >> 16 & 255) + (rgb >> 8 & 255) + (rgb & 255)) / 765f;
      }
      return grey;
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  private static float[] ofSpark(Row image, int height, int width) {
    List<String> fields = List.of(image.schema().fieldNames());
    if (!fields.containsAll(List.of("height", "width", "nChannels", "data"))) {
      return null;
    }
    int rows = image.getAs("height");
    int columns = image.getAs("width");
    int channels = image.getAs("nChannels");
    byte[] data = image.getAs("data");
    if (rows < 1 || columns < 1 || data.length != (long) rows * columns * channels) {
      return null;
    }
    float[] grey = new float[height * width];
    for (int i = 0; i < grey.length; i++) {
      int y = (int) ((i / width + 0.5) * rows / height);
      int x = (int) ((i % width + 0.5) * columns / width);
      int from = (y * columns + x) * channels;
      int colours = Math.min(3, channels);
      grey[i] = IntStream.range(0, colours).map(c -> data[from + c] & 255).sum() / (255f * colours);
    }
    return grey;
  }

  private static float[] ofNumbers(List<?> numbers, int[] shape) {
    int channels = shape.length > 2 ? shape[2] : 1;
    float[] grey = new float[shape[0] * shape[1]];
    if (numbers.size() != grey.length * channels
        || !numbers.stream().allMatch(Number.class::isInstance)) {
      return null;
    }
    float least = Float.MAX_VALUE;
    float most = -Float.MAX_VALUE;
    for (int i = 0; i < grey.length; i++) {
      for (int channel = 0; channel < channels; channel++) {
        grey[i] += ((Number) numbers.get(i * channels + channel)).floatValue() / channels;
      }
      least = Math.min(least, grey[i]);
      most = Math.max(most, grey[i]);
    }
    for (int i = 0; i < grey.length; i++) {
      grey[i] = most > least ? (grey[i] - least) / (most - least) : 0;
    }
    return grey;
  }
}
