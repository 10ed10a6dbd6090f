package org.deepliftspark.engine.encode;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import org.deepliftspark.engine.InvalidInputException;

/** Reads PNG, JPEG, TIFF, GIF and BMP files into pixels. Stateless; any number of threads. */
public final class ImageDecoder {
  /** Largest image that is decoded; a few kilobytes of file may claim many gigabytes of pixels. */
  public static final int MOST_PIXELS = 1 << 24;

  /** Images up to this size are not compared with their file. */
  private static final int FEW_PIXELS = 1 << 20;

  /** Deflate makes at most 1032 bytes of one, and a byte holds at most eight pixels. */
  private static final long MOST_PIXELS_PER_BYTE = 8 * 1032;

  private static final int MOST_CHANNELS = 4;

  private ImageDecoder() {}

  /**
   * The first image of a file.
   *
   * @throws InvalidInputException if it is no image, damaged or larger than {@link #MOST_PIXELS};
   *     the message goes on from "image: "
   */
  public static Pixels decode(byte[] file) {
    try (ImageInputStream in = new ArrayImageStream(file)) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new InvalidInputException("not an image that is known (PNG, JPEG, TIFF, GIF, BMP)");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > MOST_PIXELS) {
          throw new InvalidInputException(
              "%d x %d pixels, at most %d are read"
                  .formatted(reader.getWidth(0), reader.getHeight(0), MOST_PIXELS));
        }
        if (pixels > FEW_PIXELS && pixels / MOST_PIXELS_PER_BYTE > file.length) {
          throw new InvalidInputException(
              "damaged: %d x %d pixels are more than %d bytes can hold"
                  .formatted(reader.getWidth(0), reader.getHeight(0), file.length));
        }
        ImageTypeSpecifier type = reader.getRawImageType(0);
        if (type != null && type.getNumBands() > MOST_CHANNELS) {
          throw new InvalidInputException(type.getNumBands() + " channels, at most 4 are read");
        }
        return pixels(reader.read(0));
      } finally {
        reader.dispose();
      }
    } catch (InvalidInputException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // readers of damaged files throw of all kinds
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new InvalidInputException("damaged or not supported: " + reason, e);
    }
  }

  private static Pixels pixels(BufferedImage image) {
    int type = image.getRaster().getDataBuffer().getDataType();
    if (!(image.getColorModel() instanceof ComponentColorModel)) {
      return colors(image);
    }
    if (type != DataBuffer.TYPE_BYTE && type != DataBuffer.TYPE_USHORT) {
      throw new InvalidInputException("samples of other than 8 or 16 bits");
    }
    return samples(image, type == DataBuffer.TYPE_BYTE ? 1 : 1 / 257f);
  }

  /** Samples as stored: Java's own conversion of gray would change them by a gamma. */
  private static Pixels samples(BufferedImage image, float scale) {
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    float[] numbers = new float[image.getWidth() * image.getHeight() * bands];
    float[] row = new float[image.getWidth() * bands];
    for (int y = 0; y < image.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, image.getWidth(), 1, row);
      for (int i = 0; i < row.length; i++) {
        numbers[y * row.length + i] = row[i] * scale;
      }
    }
    return new Pixels(image.getHeight(), image.getWidth(), bands, numbers);
  }

  /** Palettes and packed pixels, as red, green, blue and, where there is one, alpha. */
  private static Pixels colors(BufferedImage image) {
    int bands = image.getColorModel().hasAlpha() ? 4 : 3;
    float[] numbers = new float[image.getWidth() * image.getHeight() * bands];
    int[] row = new int[image.getWidth()];
    int to = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, row.length, 1, row, 0, row.length);
      for (int color : row) {
        numbers[to++] = color >> 16 & 0xFF;
        numbers[to++] = color >> 8 & 0xFF;
        numbers[to++] = color & 0xFF;
        if (bands == 4) {
          numbers[to++] = color >>> 24;
        }
      }
    }
    return new Pixels(image.getHeight(), image.getWidth(), bands, numbers);
  }
}
