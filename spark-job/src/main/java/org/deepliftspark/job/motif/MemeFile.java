package org.deepliftspark.job.motif;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deepliftspark.engine.InvalidInputException;

/**
 * Reads motifs in the minimal MEME format (meme-suite.org/doc/meme-format.html), as JASPAR,
 * HOCOMOCO and CIS-BP give it: letter-probability matrices over ACGT. Other lines are passed over.
 */
public final class MemeFile {
  /** Widest motif that is read. */
  static final int WIDEST = 200;

  /** Most motifs of a file. */
  static final int MOST = 50_000;

  private static final double DEFAULT_SITES = 20;
  private static final double TOLERANCE = 0.02;
  private static final Pattern WIDTH = Pattern.compile("\\bw=\\s*(\\d{1,6})");
  private static final Pattern SITES = Pattern.compile("\\bnsites=\\s*([0-9.eE+]+)");
  private static final Pattern FREQUENCY = Pattern.compile("([ACGT])\\s+([0-9.eE+-]+)");

  private final String name;
  private final String[] lines;
  private int at;
  private double[] background;

  private MemeFile(String text, String name) {
    this.lines = text.split("\\R", -1);
    this.name = name;
  }

  /**
   * What a file holds.
   *
   * @param background frequencies of A, C, G, T; null if the file gives none
   */
  public record Contents(List<Motif> motifs, double[] background) {}

  /**
   * @param name of the file, for messages
   * @throws InvalidInputException if it is no MEME file of DNA motifs, with the line
   */
  public static Contents parse(String text, String name) {
    return new MemeFile(text, name).read();
  }

  private Contents read() {
    if (lines.length == 0 || !firstLine().startsWith("MEME version")) {
      throw new InvalidInputException(
          "Cannot read motifs " + name + ": expected a first line 'MEME version 4'");
    }
    List<Motif> motifs = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (at = 0; at < lines.length; at++) {
      String line = lines[at].strip();
      if (line.startsWith("ALPHABET=") && !line.replace(" ", "").equals("ALPHABET=ACGT")) {
        throw invalid("expected ALPHABET= ACGT");
      } else if (line.startsWith("Background letter frequencies")) {
        background = background();
      } else if (line.startsWith("MOTIF")) {
        Motif motif = motif(line.substring("MOTIF".length()).strip());
        if (!ids.add(motif.id())) {
          throw invalid("motif " + motif.id() + " is there twice");
        }
        motifs.add(motif);
        if (motifs.size() > MOST) {
          throw invalid("more than " + MOST + " motifs");
        }
      }
    }
    if (motifs.isEmpty()) {
      throw new InvalidInputException("Cannot read motifs " + name + ": it holds none");
    }
    return new Contents(motifs, background);
  }

  private String firstLine() {
    for (String line : lines) {
      if (!line.isBlank()) {
        return line.strip();
      }
    }
    return "";
  }

  private double[] background() {
    double[] frequencies = new double[4];
    int found = 0;
    while (found < 4 && at + 1 < lines.length) {
      at++;
      Matcher matcher = FREQUENCY.matcher(lines[at]);
      int before = found;
      while (matcher.find()) {
        frequencies["ACGT".indexOf(matcher.group(1))] = number(matcher.group(2));
        found++;
      }
      if (found == before) {
        break;
      }
    }
    return normal(frequencies, "background frequencies of A, C, G and T");
  }

  private Motif motif(String title) {
    String[] names = title.split("\\s+", 2);
    if (names[0].isEmpty()) {
      throw invalid("expected a name after MOTIF");
    }
    while (at + 1 < lines.length && !lines[at].strip().startsWith("letter-probability matrix")) {
      at++;
      if (lines[at].startsWith("MOTIF")) {
        throw invalid("motif " + names[0] + " has no letter-probability matrix");
      }
    }
    String header = lines[at];
    if (!header.strip().startsWith("letter-probability matrix")) {
      throw invalid("motif " + names[0] + " has no letter-probability matrix");
    }
    Matcher width = WIDTH.matcher(header);
    int rows = width.find() ? Integer.parseInt(width.group(1)) : 0;
    Matcher sites = SITES.matcher(header);
    double nsites = sites.find() ? number(sites.group(1)) : DEFAULT_SITES;
    double[][] probabilities = matrix(rows);
    return new Motif(
        names[0],
        names.length > 1 ? names[1] : names[0],
        probabilities,
        nsites > 0 && nsites < 1e9 ? nsites : DEFAULT_SITES);
  }

  /**
   * @param rows how many; 0: as many lines as there are numbers on
   */
  private double[][] matrix(int rows) {
    List<double[]> matrix = new ArrayList<>();
    while (at + 1 < lines.length
        && isNumbers(lines[at + 1])
        && (rows == 0 || matrix.size() < rows)) {
      at++;
      String[] texts = lines[at].strip().split("\\s+");
      if (texts.length != 4) {
        throw invalid("expected 4 probabilities, found " + texts.length);
      }
      double[] column = new double[4];
      for (int letter = 0; letter < 4; letter++) {
        column[letter] = number(texts[letter]);
      }
      matrix.add(normal(column, "probabilities"));
      if (matrix.size() > WIDEST) {
        throw invalid("motif wider than " + WIDEST);
      }
    }
    if (matrix.isEmpty() || (rows > 0 && matrix.size() != rows)) {
      throw invalid("expected w= " + rows + " lines of probabilities, found " + matrix.size());
    }
    return matrix.toArray(new double[0][]);
  }

  private static boolean isNumbers(String line) {
    return !line.isBlank() && "0123456789.+".indexOf(line.strip().charAt(0)) >= 0;
  }

  private double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw invalid("'" + text + "' is no number");
    }
  }

  private double[] normal(double[] shares, String what) {
    double sum = 0;
    for (double share : shares) {
      if (!(share >= 0)) {
        throw invalid("expected " + what + " of at least 0");
      }
      sum += share;
    }
    if (!(Math.abs(sum - 1) <= TOLERANCE)) {
      throw invalid(String.format(Locale.ROOT, "expected %s that sum to 1, found %.4f", what, sum));
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= sum;
    }
    return shares;
  }

  private InvalidInputException invalid(String why) {
    return new InvalidInputException("Invalid line " + (at + 1) + " of " + name + ": " + why);
  }
}
