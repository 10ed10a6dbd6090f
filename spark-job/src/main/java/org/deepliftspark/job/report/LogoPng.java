package org.deepliftspark.job.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import javax.imageio.ImageIO;

/** Draws logos as PNG, without a screen; the same outlines as in SVG. */
final class LogoPng {
  private static final int COLUMN = 24;
  private static final int HEIGHT = 300;
  private static final int LEFT = 110;
  private static final int MARGIN = 20;
  private static final int BOTTOM = 44;
  private static final int TICK_EVERY = 10;

  /** Most positions of a picture; more would not be seen, and would not fit into memory. */
  static final int MOST_COLUMNS = 3000;

  private LogoPng() {}

  /**
   * @param first number of the first position as printed
   */
  static void write(Logo logo, int first, OutputStream out) throws IOException {
    int width = LEFT + logo.columns() * COLUMN + MARGIN;
    BufferedImage image =
        new BufferedImage(width, MARGIN + HEIGHT + BOTTOM, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    canvas.setColor(Color.WHITE);
    canvas.fillRect(0, 0, image.getWidth(), image.getHeight());
    double high = logo.highest();
    double low = logo.lowest();
    double range = high > low ? high - low : 1;
    double perUnit = HEIGHT / range;
    double zero = MARGIN + (high > low ? high : 1) * perUnit;
    for (Logo.Letter letter : logo.letters()) {
      AffineTransform place = new AffineTransform();
      place.translate(LEFT + (letter.column() + 0.03) * COLUMN, zero - letter.top() * perUnit);
      place.scale(
          COLUMN * 0.94 / Glyph.SIZE, (letter.top() - letter.bottom()) * perUnit / Glyph.SIZE);
      Shape shape = place.createTransformedShape(Glyph.shape(letter.drawn()));
      canvas.setColor(new Color(Glyph.colour(letter.drawn())));
      canvas.fill(shape);
    }
    canvas.setColor(Color.DARK_GRAY);
    canvas.setStroke(new BasicStroke(2));
    canvas.draw(new Line2D.Double(LEFT, zero, width - MARGIN, zero));
    canvas.draw(new Line2D.Double(LEFT, MARGIN, LEFT, MARGIN + HEIGHT));
    canvas.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 22));
    right(canvas, text(high), MARGIN + 16);
    right(canvas, text(low), MARGIN + HEIGHT);
    for (int column = 0; column < logo.columns(); column++) {
      if ((first + column) % TICK_EVERY == 0) {
        String position = Integer.toString(first + column);
        int x = LEFT + column * COLUMN + COLUMN / 2;
        canvas.draw(new Line2D.Double(x, MARGIN + HEIGHT, x, MARGIN + HEIGHT + 8));
        int textWidth = canvas.getFontMetrics().stringWidth(position);
        canvas.drawString(position, x - textWidth / 2, MARGIN + HEIGHT + 34);
      }
    }
    canvas.dispose();
    ImageIO.write(image, "png", out);
  }

  private static String text(double number) {
    return String.format(Locale.ROOT, "%.3g", number);
  }

  private static void right(Graphics2D canvas, String text, int y) {
    canvas.drawString(text, LEFT - 8 - canvas.getFontMetrics().stringWidth(text), y);
  }
}
