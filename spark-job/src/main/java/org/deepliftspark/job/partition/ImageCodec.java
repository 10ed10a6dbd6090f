package org.deepliftspark.job.partition;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.encode.ImageDecoder;
import org.deepliftspark.engine.encode.ImagePreprocessing;
import org.deepliftspark.engine.encode.Pixels;
import org.deepliftspark.engine.graph.Shape;

/**
 * Images: the bytes of a file, or a row of Spark's image source. Prepared rows hold the bytes as
 * given, which are far fewer than the numbers; they are decoded to check them and again to score
 * them.
 */
public record ImageCodec(Shape shape, ImagePreprocessing preprocessing) implements InputCodec {
  static final String IMAGE = "image";
  static final String NO_IMAGE = "no image";

  /** First byte of a row of Spark's image source, as no image file begins. */
  private static final byte DECODED = 0;

  private static final int HEADER_BYTES = 1 + 3 * Integer.BYTES;

  @Override
  public DataType type() {
    return DataTypes.BinaryType;
  }

  @Override
  public Fitted fit(Object given) {
    if (given == null) {
      return Fitted.rejected(0, NO_IMAGE, "no image");
    }
    try {
      byte[] bytes = given instanceof Row row ? packed(row) : (byte[]) given;
      if (given instanceof byte[] && bytes.length > 0 && bytes[0] == DECODED) {
        throw new InvalidInputException("not an image that is known (PNG, JPEG, TIFF, GIF, BMP)");
      }
      requireFinite(preprocessing.apply(pixels(bytes), shape));
      return Fitted.accepted(bytes, 0, bytes.length);
    } catch (InvalidInputException e) {
      int length = given instanceof byte[] bytes ? bytes.length : 0;
      return Fitted.rejected(length, IMAGE, "image: " + e.getMessage());
    }
  }

  private static void requireFinite(float[] numbers) {
    for (float number : numbers) {
      if (!Float.isFinite(number)) {
        throw new InvalidInputException("preprocessing gives numbers that are not finite");
      }
    }
  }

  /** A row (origin, height, width, nChannels, mode, data) with 8 bits per channel, blue first. */
  private static byte[] packed(Row image) {
    int height = image.getInt(image.fieldIndex("height"));
    int width = image.getInt(image.fieldIndex("width"));
    int channels = image.getInt(image.fieldIndex("nChannels"));
    byte[] data = image.getAs("data");
    long size = (long) height * width * channels;
    boolean sides = height > 0 && width > 0 && (channels == 1 || channels == 3 || channels == 4);
    if (data == null || !sides || size != data.length || size > 4L * ImageDecoder.MOST_PIXELS) {
      throw new InvalidInputException(
          "%d x %d pixels of %d channels do not fit %d bytes of 8 bits per channel"
              .formatted(height, width, channels, data == null ? 0 : data.length));
    }
    return ByteBuffer.allocate(HEADER_BYTES + data.length)
        .put(DECODED)
        .putInt(height)
        .putInt(width)
        .putInt(channels)
        .put(data)
        .array();
  }

  private static Pixels pixels(byte[] bytes) {
    if (bytes.length == 0 || bytes[0] != DECODED) {
      return ImageDecoder.decode(bytes);
    }
    ByteBuffer packed = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    int height = packed.getInt();
    int width = packed.getInt();
    int channels = packed.getInt();
    float[] numbers = new float[bytes.length - HEADER_BYTES];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = packed.get() & 0xFF;
    }
    return new Pixels(height, width, channels, numbers).reversedColors();
  }

  @Override
  public void digest(Object given, Fitted fitted, MessageDigest digest) {
    if (fitted.value() != null) {
      digest.update((byte[]) fitted.value());
    } else {
      GivenDigest.add(given, digest);
    }
  }

  @Override
  public void encode(Object prepared, float[] into, int at) {
    float[] numbers = preprocessing.apply(pixels((byte[]) prepared), shape);
    System.arraycopy(numbers, 0, into, at, numbers.length);
  }
}
