package org.deepliftspark.job.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Draws a stretch of a sequence for a terminal: each letter is stacked as high as its contribution,
 * upwards from a zero line where it speaks for the target and downwards where it speaks against it.
 *
 * <p>Positions are 0-based with an exclusive end in the code and 1-based with an inclusive end in
 * what is printed, as in FASTA descriptions. Instances are immutable and safe for use by many
 * threads.
 */
public final class TextLogo {
  /** Rows of the tallest letter; every other letter is drawn to the same scale. */
  static final int ROWS = 6;

  private static final String MARGIN = "  ";
  private static final String RESET = "\u001b[0m";

  private final boolean coloured;

  public TextLogo(boolean coloured) {
    this.coloured = coloured;
  }

  /**
   * A logo in colours if standard output is a terminal and the environment does not ask for none
   * (no-color.org).
   */
  public static TextLogo forConsole() {
    boolean plain = System.getenv("NO_COLOR") != null && !System.getenv("NO_COLOR").isEmpty();
    boolean dumb = "dumb".equals(System.getenv("TERM"));
    return new TextLogo(System.console() != null && !plain && !dumb);
  }

  /**
   * A stretch of a sequence.
   *
   * @param start first position, 0-based
   * @param end position after the last
   * @param score sum of the contributions in between, in units of the target's output
   */
  public record Site(int start, int end, double score) {
    /** How many positions this site shares with {@code [otherStart, otherEnd)}. */
    public int overlap(int otherStart, int otherEnd) {
      return Math.max(0, Math.min(end, otherEnd) - Math.max(start, otherStart));
    }
  }

  /**
   * A name to print under positions {@code [start, end)}, such as a planted motif's.
   *
   * @param text printed inside the stretch, cut off where it does not fit
   */
  public record Label(String text, int start, int end) {}

  /**
   * Finds the windows with the largest summed contributions that do not overlap, best first; the
   * first of equals wins. Windows whose sum is not positive are left out, so fewer than {@code
   * count} may come back.
   *
   * @param contributions one number per position
   * @param width positions per window; a shorter sequence is one window
   */
  public static List<Site> topSites(float[] contributions, int width, int count) {
    if (width < 1 || count < 0) {
      throw new IllegalArgumentException("Invalid sites: width " + width + ", count " + count);
    }
    double[] sums = windowSums(contributions, Math.min(width, contributions.length));
    List<Site> sites = new ArrayList<>();
    while (sites.size() < count) {
      Site best = bestFree(sums, Math.min(width, contributions.length), sites);
      if (best == null) {
        break;
      }
      sites.add(best);
    }
    return sites;
  }

  private static double[] windowSums(float[] contributions, int width) {
    double[] sums = new double[contributions.length == 0 ? 0 : contributions.length - width + 1];
    for (int start = 0; start < sums.length; start++) {
      for (int i = start; i < start + width; i++) {
        sums[start] += contributions[i];
      }
    }
    return sums;
  }

  private static Site bestFree(double[] sums, int width, List<Site> taken) {
    Site best = null;
    for (int start = 0; start < sums.length; start++) {
      Site site = new Site(start, start + width, sums[start]);
      boolean free = taken.stream().allMatch(other -> other.overlap(site.start(), site.end()) == 0);
      if (free && site.score() > (best == null ? 0 : best.score())) {
        best = site;
      }
    }
    return best;
  }

  /**
   * Draws positions {@code [start, end)}: the logo, a line with the bases, one with the labels if
   * there are any, and one with the first and last position.
   *
   * @param sequence the bases
   * @param contributions one number per base
   * @param labels stretches to name; those outside the region are left out
   * @return lines that each end in a line feed
   */
  public String draw(
      String sequence, float[] contributions, int start, int end, List<Label> labels) {
    if (sequence.length() != contributions.length) {
      throw new IllegalArgumentException(
          "Cannot draw a sequence of "
              + sequence.length()
              + " bases with "
              + contributions.length
              + " contributions");
    }
    if (start < 0 || end > sequence.length() || start >= end) {
      throw new IllegalArgumentException(
          "Invalid region ["
              + start
              + ", "
              + end
              + ") of a sequence of "
              + sequence.length()
              + " bases");
    }
    String bases = sequence.substring(start, end).toUpperCase(Locale.ROOT);
    int[] heights = heights(contributions, start, end);
    StringBuilder out = new StringBuilder();
    appendLevels(out, bases, heights, ROWS, 1);
    appendLine(out, "-".repeat(bases.length()));
    appendLevels(out, bases, heights, -1, -ROWS);
    appendLine(out, paint(bases));
    appendLabels(out, labels, start, end);
    appendLine(out, positions(start, end));
    return out.toString();
  }

  /**
   * Signed heights in rows; the largest contribution of the region, whatever its sign, gets {@link
   * #ROWS}.
   */
  private static int[] heights(float[] contributions, int start, int end) {
    double largest = 0;
    for (int i = start; i < end; i++) {
      largest = Math.max(largest, Math.abs(contributions[i]));
    }
    int[] heights = new int[end - start];
    for (int i = start; i < end && largest > 0; i++) {
      heights[i - start] = (int) Math.round(ROWS * (contributions[i] / largest));
    }
    return heights;
  }

  /** Lines from level {@code top} down to {@code bottom}, without those that no letter reaches. */
  private void appendLevels(StringBuilder out, String bases, int[] heights, int top, int bottom) {
    for (int level = top; level >= bottom; level--) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < heights.length; i++) {
        boolean reached = level > 0 ? heights[i] >= level : heights[i] <= level;
        line.append(reached ? bases.charAt(i) : ' ');
      }
      if (!line.toString().isBlank()) {
        appendLine(out, paint(line.toString()));
      }
    }
  }

  private static void appendLabels(StringBuilder out, List<Label> labels, int start, int end) {
    char[] line = " ".repeat(end - start).toCharArray();
    for (Label label : labels) {
      for (int i = Math.max(start, label.start()); i < Math.min(end, label.end()); i++) {
        int letter = i - label.start();
        line[i - start] = letter < label.text().length() ? label.text().charAt(letter) : '=';
      }
    }
    if (!new String(line).isBlank()) {
      appendLine(out, new String(line));
    }
  }

  private static String positions(int start, int end) {
    String first = Integer.toString(start + 1);
    String last = Integer.toString(end);
    int gap = end - start - first.length() - last.length();
    return gap < 1 ? first + "-" + last : first + " ".repeat(gap) + last;
  }

  private static void appendLine(StringBuilder out, String line) {
    out.append((MARGIN + line).stripTrailing()).append('\n');
  }

  private String paint(String letters) {
    if (!coloured) {
      return letters;
    }
    StringBuilder painted = new StringBuilder();
    String trimmed = letters.stripTrailing();
    for (int i = 0; i < trimmed.length(); i++) {
      String colour = colourOf(trimmed.charAt(i));
      painted.append(colour).append(trimmed.charAt(i)).append(colour.isEmpty() ? "" : RESET);
    }
    return painted.toString();
  }

  /**
   * The colours of sequence logos since Schneider and Stephens (1990): A green, C blue, G orange, T
   * red.
   */
  private static String colourOf(char letter) {
    return switch (letter) {
      case 'A' -> "\u001b[32m";
      case 'C' -> "\u001b[34m";
      case 'G' -> "\u001b[38;5;208m";
      case 'T' -> "\u001b[31m";
      default -> "";
    };
  }
}
