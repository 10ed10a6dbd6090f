package org.deepliftspark.engine.genome;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deepliftspark.engine.InvalidInputException;

/** Makes the index of a FASTA file in one pass over its bytes. One thread, one use. */
final class FastaIndexer {
  private static final int MOST_NAME_BYTES = 1 << 16;

  private final InputStream in;
  private final String name;
  private final byte[] buffer = new byte[1 << 16];
  private final Map<String, FastaIndex.Entry> entries = new LinkedHashMap<>();
  private int at;
  private int filled;
  private long position;

  private String chrom;
  private long offset;
  private long bases;
  private int lineBases;
  private int lineBytes;
  private boolean shortLine;

  FastaIndexer(InputStream in, String name) {
    this.in = in;
    this.name = name;
  }

  Map<String, FastaIndex.Entry> index() throws IOException {
    for (int first = next(); first >= 0; first = next()) {
      if (first == '>') {
        finish();
        start();
      } else {
        line(first);
      }
    }
    finish();
    return entries;
  }

  private void start() throws IOException {
    StringBuilder line = new StringBuilder();
    int letter = next();
    while (letter >= 0 && letter != '\n') {
      if (line.length() < MOST_NAME_BYTES) {
        line.append((char) letter);
      }
      letter = next();
    }
    String latin = line.toString().strip();
    int blank = 0;
    while (blank < latin.length() && !Character.isWhitespace(latin.charAt(blank))) {
      blank++;
    }
    byte[] bytes = latin.substring(0, blank).getBytes(StandardCharsets.ISO_8859_1);
    chrom = new String(bytes, StandardCharsets.UTF_8);
    offset = position;
    bases = 0;
    lineBases = 0;
    lineBytes = 0;
    shortLine = false;
  }

  /** A line of bases; all lines of a sequence but the last must be equally long. */
  private void line(int first) throws IOException {
    int letters = 0;
    int bytes = 0;
    int letter = first;
    while (letter >= 0 && letter != '\n') {
      bytes = Math.incrementExact(bytes);
      letters += letter == '\r' ? 0 : 1;
      letter = next();
    }
    bytes += letter == '\n' ? 1 : 0;
    if (letters == 0) {
      shortLine = true;
      return;
    }
    if (chrom == null) {
      throw new InvalidInputException(
          "Cannot read " + name + ": not FASTA, expected '>' at the start of the first line");
    }
    if (shortLine || lineBases > 0 && letters > lineBases) {
      throw new InvalidInputException(
          "Cannot read "
              + name
              + ": lines of "
              + chrom
              + " differ in length; rewrite it with lines of equal length");
    }
    if (lineBases == 0) {
      lineBases = letters;
      lineBytes = bytes;
    }
    shortLine = letters < lineBases || bytes != lineBytes;
    bases += letters;
  }

  private void finish() {
    if (chrom != null) {
      entries.put(chrom, new FastaIndex.Entry(bases, offset, lineBases, lineBytes));
    }
  }

  private int next() throws IOException {
    if (at == filled) {
      filled = Math.max(0, in.read(buffer));
      at = 0;
      if (filled == 0) {
        return -1;
      }
    }
    position++;
    return buffer[at++] & 0xFF;
  }
}
