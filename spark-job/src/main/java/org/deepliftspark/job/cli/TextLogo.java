package org.deepliftspark.job.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

  /** Columns between two regions. */
  private static final int GAP = 4;

  private static final int NONE = -1;
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

  /** Positions {@code [start, end)} to draw. */
  public record Region(int start, int end) {}

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
   * Draws stretches of a sequence side by side and to one scale: the logo, a line with the bases,
   * one with the labels if there are any, and one with the first and last position of each stretch.
   *
   * @param sequence the bases
   * @param contributions one number per base
   * @param regions stretches to draw, from left to right
   * @param labels stretches to name; those outside the regions are left out
   * @return lines that each end in a line feed
   */
  public String draw(
      String sequence, float[] contributions, List<Region> regions, List<Label> labels) {
    if (sequence.length() != contributions.length) {
      throw new IllegalArgumentException(
          "Cannot draw a sequence of "
              + sequence.length()
              + " bases with "
              + contributions.length
              + " contributions");
    }
    for (Region region : regions) {
      if (region.start() < 0
          || region.end() > sequence.length()
          || region.start() >= region.end()) {
        throw new IllegalArgumentException(
            "Invalid region ["
                + region.start()
                + ", "
                + region.end()
                + ") of a sequence of "
                + sequence.length()
                + " bases");
      }
    }
    int[] columns = columns(regions);
    String bases = bases(sequence, columns);
    int[] heights = heights(contributions, columns);
    StringBuilder out = new StringBuilder();
    appendLevels(out, bases, heights, ROWS, 1);
    appendLine(out, bases.replaceAll("[^ ]", "-"));
    appendLevels(out, bases, heights, -1, -ROWS);
    appendLine(out, paint(bases));
    appendLabels(out, labels, columns);
    appendLine(out, positions(regions));
    return out.toString();
  }

  /** The position that each column shows, {@value #NONE} in the gaps between regions. */
  private static int[] columns(List<Region> regions) {
    IntStream.Builder columns = IntStream.builder();
    for (int i = 0; i < regions.size(); i++) {
      for (int k = 0; i > 0 && k < GAP; k++) {
        columns.add(NONE);
      }
      IntStream.range(regions.get(i).start(), regions.get(i).end()).forEach(columns::add);
    }
    return columns.build().toArray();
  }

  private static String bases(String sequence, int[] columns) {
    StringBuilder bases = new StringBuilder();
    for (int position : columns) {
      bases.append(position == NONE ? ' ' : Character.toUpperCase(sequence.charAt(position)));
    }
    return bases.toString();
  }

  /**
   * Signed heights in rows; the largest contribution drawn, whatever its sign, gets {@link #ROWS}.
   */
  private static int[] heights(float[] contributions, int[] columns) {
    double largest = 0;
    for (int position : columns) {
      largest = Math.max(largest, position == NONE ? 0 : Math.abs(contributions[position]));
    }
    int[] heights = new int[columns.length];
    for (int i = 0; i < columns.length && largest > 0; i++) {
      double share = columns[i] == NONE ? 0 : contributions[columns[i]] / largest;
      heights[i] = (int) Math.round(ROWS * share);
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

  private static void appendLabels(StringBuilder out, List<Label> labels, int[] columns) {
    char[] line = " ".repeat(columns.length).toCharArray();
    for (Label label : labels) {
      for (int i = 0; i < columns.length; i++) {
        int letter = columns[i] - label.start();
        if (columns[i] != NONE && letter >= 0 && columns[i] < label.end()) {
          line[i] = letter < label.text().length() ? label.text().charAt(letter) : '=';
        }
      }
    }
    if (!new String(line).isBlank()) {
      appendLine(out, new String(line));
    }
  }

  private static String positions(List<Region> regions) {
    return regions.stream()
        .map(region -> positions(region.start(), region.end()))
        .collect(Collectors.joining(" ".repeat(GAP)));
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
