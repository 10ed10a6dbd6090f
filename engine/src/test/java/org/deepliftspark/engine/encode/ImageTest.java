package org.deepliftspark.engine.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.encode.ImagePreprocessing.Size;
import org.deepliftspark.engine.graph.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTest {

  private static byte[] write(BufferedImage image, String format) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }

  private static BufferedImage color(int type) {
    BufferedImage image = new BufferedImage(3, 2, type);
    for (int y = 0; y < 2; y++) {
      for (int x = 0; x < 3; x++) {
        image.setRGB(x, y, 0xFF000000 | (10 * x + y) << 16 | (100 + x) << 8 | 200 + y);
      }
    }
    return image;
  }

  private static final float[] COLORS = {
    0, 100, 200, 10, 101, 200, 20, 102, 200, 1, 100, 201, 11, 101, 201, 21, 102, 201
  };

  @ParameterizedTest
  @ValueSource(strings = {"png", "tiff", "bmp"})
  void colorsAreReadAsTheyAre(String format) throws Exception {
    for (int type : new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_3BYTE_BGR}) {
      Pixels pixels = ImageDecoder.decode(write(color(type), format));
      assertThat(pixels.height()).isEqualTo(2);
      assertThat(pixels.width()).isEqualTo(3);
      assertThat(pixels.channels()).isEqualTo(3);
      assertThat(pixels.numbers()).containsExactly(COLORS);
    }
  }

  @Test
  void photographsAndPalettesAreRead() throws Exception {
    BufferedImage flat = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 64; i++) {
      flat.setRGB(i % 8, i / 8, 0x804020);
    }
    Pixels photograph = ImageDecoder.decode(write(flat, "jpg"));
    assertThat(photograph.numbers()[0]).isCloseTo(0x80, within(3f));
    assertThat(photograph.numbers()[2]).isCloseTo(0x20, within(3f));
    Pixels palette = ImageDecoder.decode(write(color(BufferedImage.TYPE_BYTE_INDEXED), "gif"));
    assertThat(palette.channels()).isBetween(3, 4);
    assertThat(palette.height()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "tiff"})
  void graysKeepTheirNumbers(String format) throws Exception {
    BufferedImage gray = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
    WritableRaster raster = gray.getRaster();
    raster.setPixels(0, 0, 2, 2, new int[] {0, 50, 128, 255});
    assertThat(ImageDecoder.decode(write(gray, format)).numbers()).containsExactly(0, 50, 128, 255);
    BufferedImage fine = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    fine.getRaster().setPixels(0, 0, 2, 1, new int[] {257 * 50, 65535});
    float[] numbers = ImageDecoder.decode(write(fine, format)).numbers();
    assertThat(numbers[0]).isCloseTo(50, within(1e-4f));
    assertThat(numbers[1]).isCloseTo(255, within(1e-4f));
  }

  /** A PNG file whose header claims a size, with its checksum made anew. */
  private static byte[] claiming(int width, int height) throws Exception {
    byte[] file = write(color(BufferedImage.TYPE_INT_RGB), "png");
    ByteBuffer buffer = ByteBuffer.wrap(file);
    buffer.putInt(16, width).putInt(20, height);
    CRC32 sum = new CRC32();
    sum.update(file, 12, 17);
    buffer.putInt(29, (int) sum.getValue());
    return file;
  }

  @Test
  void aSizeThatAFileCannotHoldIsNotBelieved() throws Exception {
    byte[] file = claiming(4096, 4096);
    assertThatThrownBy(() -> ImageDecoder.decode(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("damaged: 4096 x 4096 pixels are more than " + file.length + " bytes can hold");
    assertThatThrownBy(() -> ImageDecoder.decode(claiming(Integer.MAX_VALUE, Integer.MAX_VALUE)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("2147483647 x 2147483647 pixels, at most 16777216 are read");
  }

  @Test
  void aLargeImageOfOneColourIsRead() throws Exception {
    BufferedImage white = new BufferedImage(2000, 1500, BufferedImage.TYPE_BYTE_BINARY);
    byte[] file = write(white, "png");
    assertThat(file).hasSizeLessThan(2000); // some 2000 pixels a byte
    assertThat(ImageDecoder.decode(file).width()).isEqualTo(2000);
  }

  @Test
  void everyCutOfAnImageIsTold() throws Exception {
    for (String format : List.of("png", "tiff")) {
      byte[] whole = write(color(BufferedImage.TYPE_INT_RGB), format);
      for (int cut = 0; cut < whole.length * 3 / 4; cut += 3) {
        byte[] bytes = Arrays.copyOf(whole, cut);
        assertThatThrownBy(() -> ImageDecoder.decode(bytes))
            .as(format + " cut at " + cut)
            .isInstanceOf(InvalidInputException.class);
      }
    }
    assertThatThrownBy(() -> ImageDecoder.decode("text".getBytes()))
        .hasMessage("not an image that is known (PNG, JPEG, TIFF, GIF, BMP)");
  }

  @Test
  void aBombIsNotUnpacked() throws Exception {
    byte[] png = write(color(BufferedImage.TYPE_INT_RGB), "png");
    ByteBuffer.wrap(png).putInt(16, 50_000).putInt(20, 60_000);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    assertThatThrownBy(() -> ImageDecoder.decode(png))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("50000 x 60000 pixels, at most 16777216 are read");
  }

  @Test
  void channelsAreMadeAndDropped() {
    Pixels gray = new Pixels(1, 2, 1, new float[] {7, 9});
    assertThat(gray.withChannels(3).numbers()).containsExactly(7, 7, 7, 9, 9, 9);
    assertThat(gray.withChannels(4).numbers()).containsExactly(7, 7, 7, 255, 9, 9, 9, 255);
    Pixels color = new Pixels(1, 1, 4, new float[] {100, 150, 200, 9});
    assertThat(color.withChannels(3).numbers()).containsExactly(100, 150, 200);
    assertThat(color.withChannels(1).numbers()[0]).isCloseTo(140.75f, within(1e-4f));
    assertThat(color.reversedColors().numbers()).containsExactly(200, 150, 100, 9);
    Pixels grayAlpha = new Pixels(1, 1, 2, new float[] {7, 8});
    assertThat(grayAlpha.withChannels(1).numbers()).containsExactly(7);
    assertThat(grayAlpha.withChannels(4).numbers()).containsExactly(7, 7, 7, 8);
  }

  /** Numbers of Pillow 12, {@code Image.fromarray(a).resize((w, h), Image.BILINEAR)}, mode F. */
  @Test
  void sizesChangeAsInPillow() {
    float[] squares = new float[12];
    for (int i = 0; i < squares.length; i++) {
      squares[i] = i * i;
    }
    Pixels image = new Pixels(3, 4, 1, squares);
    float[] smaller = {9.142857f, 18.571428f, 56.285717f, 81.428574f};
    assertThat(image.resized(2, 2).numbers())
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(smaller);
    float[] larger = {0, 0.5f, 1.5f, 3.5f, 6.5f, 9, 6.4f, 8.5f, 11.633333f, 15.766667f, 20.9f, 25};
    assertThat(Arrays.copyOf(image.resized(5, 6).numbers(), 12))
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(larger);
  }

  @Test
  void preprocessingGoesInItsOrder() {
    float[] numbers = new float[4 * 8 * 3];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i % 3 * 10;
    }
    ImagePreprocessing steps =
        new ImagePreprocessing(
            true, Size.parse("2"), Size.parse("2x2"), 0.5f, List.of(1f, 2f, 3f), List.of(2f));
    float[] made = steps.apply(new Pixels(4, 8, 3, numbers), Shape.of(2, 2, 3));
    assertThat(made).hasSize(12).startsWith(new float[] {4.5f, 1.5f, -1.5f});
    assertThatThrownBy(() -> steps.apply(new Pixels(4, 8, 3, numbers), Shape.of(3, 2, 3)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("2 x 2 pixels, model expects 3 x 2");
    assertThatThrownBy(() -> new Pixels(4, 8, 3, numbers).center(5, 2))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("4 x 8 pixels, smaller than the crop 5 x 2");
  }

  @ParameterizedTest
  @CsvSource({"0", "x", "3x", "3x0", "1x2x3", "99999", "-4"})
  void aSizeThatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> Size.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("HEIGHTxWIDTH or the length of the shorter side, up to 16384");
  }

  @Test
  void meansHaveToFitTheChannels() {
    ImagePreprocessing two =
        new ImagePreprocessing(false, null, null, 1, List.of(1f, 2f), List.of());
    assertThatThrownBy(() -> two.check(Shape.of(2, 2, 3)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("expected 3 numbers, one per channel, found 2");
    assertThatThrownBy(() -> ImagePreprocessing.NONE.check(Shape.of(3, 32, 32)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("1, 3 or 4 channels last, found shape [3, 32, 32]");
  }
}
