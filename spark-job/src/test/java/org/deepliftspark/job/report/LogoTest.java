package org.deepliftspark.job.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

class LogoTest {
  private static final Pattern LETTER =
      Pattern.compile("<path class=\"([ACGTN])\"[^>]*matrix\\((\\S+) 0 0 (\\S+) (\\S+) (\\S+)\\)");

  private static String svg(Logo logo) {
    return LogoSvg.draw(logo, LogoSvg.Frame.of(logo, 1, 60), logo.columns(), "t", "d", "");
  }

  @ParameterizedTest
  @ValueSource(chars = {'A', 'C', 'G', 'T', 'N'})
  void outlinesFillTheirSquare(char letter) {
    Rectangle2D bounds = Glyph.shape(letter).getBounds2D();
    assertThat(bounds.getMinX()).isCloseTo(0, within(1.0));
    assertThat(bounds.getMaxX()).isCloseTo(100, within(3.0));
    assertThat(bounds.getMinY()).isCloseTo(0, within(0.5));
    assertThat(bounds.getMaxY()).isCloseTo(100, within(0.5));
  }

  @Test
  void negativeLettersStandOnTheirHeads() {
    Matcher letters = LETTER.matcher(svg(Logo.of("aCGN", new float[] {2, -1, 0, 0.5f}, 0, 4)));
    assertThat(letters.find()).isTrue();
    assertThat(letters.group(1)).isEqualTo("A");
    double up = Double.parseDouble(letters.group(3));
    double top = Double.parseDouble(letters.group(5));
    assertThat(letters.find()).isTrue();
    assertThat(letters.group(1)).isEqualTo("C");
    double down = Double.parseDouble(letters.group(3));
    double lowest = Double.parseDouble(letters.group(5));
    assertThat(up).isPositive();
    assertThat(down).isNegative().isCloseTo(-up / 2, within(1e-4));
    // 60 units for 3: the first letter reaches from the top of the frame 40 down to the line.
    assertThat(up * 100).isCloseTo(40, within(1e-2));
    assertThat(lowest - top).isCloseTo(60, within(1e-2));
    assertThat(letters.find()).isTrue();
    assertThat(letters.group(1)).isEqualTo("N"); // the letter without height is not drawn
    assertThat(letters.find()).isFalse();
  }

  @Test
  void titlesAreTextsWhateverTheyHold() throws Exception {
    String hostile = "</title><script>alert('x')</script>\"&]]>\u0007\ufffe\ud800";
    Logo logo = Logo.of("AC", new float[] {1, 2}, 0, 2);
    String svg =
        LogoSvg.draw(logo, LogoSvg.Frame.of(logo, 1, 60), logo.columns(), hostile, hostile, "");
    Document parsed =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertThat(parsed.getElementsByTagName("script").getLength()).isZero();
    assertThat(parsed.getElementsByTagName("title").item(0).getTextContent())
        .isEqualTo("</title><script>alert('x')</script>\"&]]>\ufffd\ufffd\ufffd");
  }

  @Test
  void stacksPutTheLargestOutside() {
    Logo logo = Logo.stacked(new float[] {1, 3, -2, -0.5f});
    assertThat(logo.letters())
        .containsExactlyInAnyOrder(
            new Logo.Letter('T', 0, 0, -0.5),
            new Logo.Letter('A', 0, 0, 1),
            new Logo.Letter('G', 0, -0.5, -2.5),
            new Logo.Letter('C', 0, 1, 4));
    assertThat(logo.highest()).isEqualTo(4);
    assertThat(logo.lowest()).isEqualTo(-2.5);
  }

  @Test
  void aLogoWithoutHeightIsDrawnAllTheSame() {
    assertThat(svg(Logo.of("ACGT", new float[4], 0, 4))).doesNotContain("NaN", "Infinity");
  }

  @Test
  void informationIsTwoBitsForACertainLetterAndNoneForAnyLetter() {
    assertThat(ReportPage.information(new float[] {0, 1, 0, 0, .25f, .25f, .25f, .25f}))
        .containsExactly(0, 2, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void pngHasTheLettersInTheirColoursAndOnTheirSides() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LogoPng.write(Logo.of("TA", new float[] {1, -1}, 0, 2), 1, out);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
    int middle = 20 + 150;
    assertThat(count(image, Glyph.colour('T'), 0, middle)).isGreaterThan(500);
    assertThat(count(image, Glyph.colour('T'), middle, image.getHeight())).isLessThan(30);
    assertThat(count(image, Glyph.colour('A'), 0, middle)).isLessThan(30);
    assertThat(count(image, Glyph.colour('A'), middle, image.getHeight())).isGreaterThan(500);
  }

  private static long count(BufferedImage image, int colour, int from, int to) {
    long count = 0;
    for (int y = from; y < to; y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        count += (image.getRGB(x, y) & 0xffffff) == colour ? 1 : 0;
      }
    }
    return count;
  }

  @Test
  void theStrongestWindowIsFound() {
    float[] observed = new float[100];
    observed[70] = -5;
    observed[75] = 4;
    assertThat(RowView.strongest(observed, 10)).isBetween(66, 70);
    assertThat(RowView.strongest(observed, 200)).isZero();
    assertThat(List.of(Escape.number(0.01234), Escape.number(-3), Escape.number(1e-9)))
        .containsExactly("0.012", "\u22123", "1.0e-09");
  }

  @Test
  void aNumberBelowTheLastColumnIsNotCutOff() {
    Logo logo = Logo.of("A".repeat(10), new float[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 0, 10);
    String svg = LogoSvg.draw(logo, LogoSvg.Frame.of(logo, 91, 40), 10, "t", "d", "");
    double width = number(svg, "viewBox=\"0 0 ([0-9.]+) ");
    double last = number(svg, "x=\"([0-9.]+)\" y=\"[0-9.]+\">100<");
    assertThat(width - last).isGreaterThan(8);
  }

  private static double number(String svg, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(svg);
    assertThat(matcher.find()).as(svg).isTrue();
    return Double.parseDouble(matcher.group(1));
  }
}
