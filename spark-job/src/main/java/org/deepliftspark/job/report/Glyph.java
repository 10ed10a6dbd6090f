package org.deepliftspark.job.report;

import java.awt.geom.Path2D;
import java.util.Map;
import java.util.Scanner;

/**
 * The letters of logos as outlines in a square of 100 by 100, y downwards, that any renderer draws
 * alike. Overlapping outlines cut holes (even-odd).
 */
final class Glyph {
  private static final String A =
      "M 0 100 L 37 0 L 63 0 L 100 100 L 79 100 L 71 76 L 29 76 L 21 100 Z M 35 60 L 65 60 L 50 17 Z";
  private static final String C =
      "M 100 36 C 97 12 78 0 53 0 C 20 0 0 20 0 50 C 0 80 20 100 53 100 C 78 100 97 88 100 64"
          + " L 79 64 C 77 77 67 84 53 84 C 33 84 21 71 21 50 C 21 29 33 16 53 16"
          + " C 67 16 77 23 79 36 Z";
  private static final String G =
      "M 100 34 C 96 12 78 0 53 0 C 20 0 0 20 0 50 C 0 80 20 100 53 100 C 71 100 88 94 100 82"
          + " L 100 47 L 54 47 L 54 62 L 80 62 L 80 75 C 73 81 64 84 53 84 C 33 84 21 71 21 50"
          + " C 21 29 33 16 53 16 C 67 16 77 22 79 34 Z";
  private static final String T =
      "M 0 0 L 100 0 L 100 17 L 60 17 L 60 100 L 40 100 L 40 17 L 0 17 Z";
  private static final String N =
      "M 0 0 L 22 0 L 79 69 L 79 0 L 100 0 L 100 100 L 78 100 L 21 31 L 21 100 L 0 100 Z";

  /** Side of the square. */
  static final double SIZE = 100;

  private static final Map<Character, String> PATHS =
      Map.of('A', A, 'C', C, 'G', G, 'T', T, 'N', N);

  private Glyph() {}

  /** The letter that is drawn for a base; N for all that are none of A, C, G, T. */
  static char drawn(char base) {
    char upper = Character.toUpperCase(base);
    return PATHS.containsKey(upper) ? upper : 'N';
  }

  /** The outline as SVG writes it. */
  static String path(char drawn) {
    return PATHS.get(drawn);
  }

  /** The outline for Java2D. */
  static Path2D shape(char drawn) {
    Path2D shape = new Path2D.Double(Path2D.WIND_EVEN_ODD);
    try (Scanner words = new Scanner(PATHS.get(drawn))) {
      while (words.hasNext()) {
        switch (words.next()) {
          case "M" -> shape.moveTo(number(words), number(words));
          case "L" -> shape.lineTo(number(words), number(words));
          case "C" ->
              shape.curveTo(
                  number(words),
                  number(words),
                  number(words),
                  number(words),
                  number(words),
                  number(words));
          default -> shape.closePath();
        }
      }
    }
    return shape;
  }

  private static double number(Scanner words) {
    return Double.parseDouble(words.next());
  }

  /** Colour of a letter on white, as sequence logos have it since Schneider and Stephens (1990). */
  static int colour(char drawn) {
    return switch (drawn) {
      case 'A' -> 0x0f8a45;
      case 'C' -> 0x1f5fb4;
      case 'G' -> 0xe08a00;
      case 'T' -> 0xcf2233;
      default -> 0x767676;
    };
  }
}
