package org.deepliftspark.engine.encode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.deepliftspark.engine.InvalidInputException;

/**
 * Reads FASTA: from the text of one record, as a splitter leaves it, or from a whole file. Line
 * ends may be LF or CRLF.
 */
public final class FastaRecords {
  /**
   * Between two records; a record's text from a splitter at this string has no {@code >} but for
   * the file's first.
   */
  public static final String SEPARATOR = "\n>";

  private FastaRecords() {}

  /**
   * The record of a text {@code name description\nSEQUENCE...}, with or without {@code >} in front;
   * no record for blank text.
   */
  public static Optional<FastaRecord> parse(String text) {
    int start = 0;
    while (start < text.length() && isBlank(text.charAt(start))) {
      start++;
    }
    if (start == text.length()) {
      return Optional.empty();
    }
    // A record that begins with a line end has an empty name: its sequence must not become the
    // name.
    boolean marked = text.charAt(start) == '>';
    int nameStart = marked ? start + 1 : 0;
    int nameEnd = text.indexOf('\n', nameStart);
    nameEnd = nameEnd < 0 ? text.length() : nameEnd;
    return Optional.of(record(text.substring(nameStart, nameEnd), text, nameEnd));
  }

  private static FastaRecord record(String nameLine, String text, int from) {
    StringBuilder sequence = new StringBuilder(text.length() - from);
    appendLetters(text, from, sequence);
    return named(nameLine, sequence.toString());
  }

  private static FastaRecord named(String nameLine, String sequence) {
    String name = nameLine.strip();
    int blank = 0;
    while (blank < name.length() && !Character.isWhitespace(name.charAt(blank))) {
      blank++;
    }
    return new FastaRecord(name.substring(0, blank), name.substring(blank).strip(), sequence);
  }

  /**
   * Blanks and line ends are left out; everything else is kept, so that what is no DNA is rejected
   * later with its position.
   */
  private static void appendLetters(CharSequence text, int from, StringBuilder sequence) {
    for (int i = from; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (!isBlank(letter)) {
        sequence.append(letter);
      }
    }
  }

  /** Blanks, line ends and the byte order mark that some editors put in front. */
  private static boolean isBlank(char letter) {
    return letter == ' '
        || letter == '\t'
        || letter == '\n'
        || letter == '\r'
        || letter == '\uFEFF';
  }

  /**
   * Whether a file whose text begins so can be FASTA: its first character that is not blank is
   * {@code >}.
   */
  public static boolean isFasta(CharSequence head) {
    for (int i = 0; i < head.length(); i++) {
      if (!isBlank(head.charAt(i))) {
        return head.charAt(i) == '>';
      }
    }
    return false;
  }

  /**
   * The records of a whole file, one in memory at a time. The reader stays open.
   *
   * @param name of the file, for messages
   * @throws InvalidInputException from the iterator, if the text does not begin with {@code >} or
   *     cannot be read
   */
  public static Iterator<FastaRecord> read(Reader reader, String name) {
    return new RecordIterator(new BufferedReader(reader), name);
  }

  private static final class RecordIterator implements Iterator<FastaRecord> {
    private final BufferedReader lines;
    private final String name;
    private String nameLine;
    private boolean started;

    RecordIterator(BufferedReader lines, String name) {
      this.lines = lines;
      this.name = name;
    }

    @Override
    public boolean hasNext() {
      if (!started) {
        started = true;
        start();
      }
      return nameLine != null;
    }

    private void start() {
      String line = line();
      while (line != null && line.isBlank()) {
        line = line();
      }
      if (line != null && !isFasta(line)) {
        throw new InvalidInputException(
            "Cannot read " + name + ": not FASTA, expected '>' at the start of the first line");
      }
      nameLine = line == null ? null : line.substring(line.indexOf('>') + 1);
    }

    @Override
    public FastaRecord next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      StringBuilder sequence = new StringBuilder();
      String line = line();
      while (line != null && !line.startsWith(">")) {
        appendLetters(line, 0, sequence);
        line = line();
      }
      FastaRecord record = named(nameLine, sequence.toString());
      nameLine = line == null ? null : line.substring(1);
      return record;
    }

    private String line() {
      try {
        return lines.readLine();
      } catch (IOException e) {
        throw new InvalidInputException("Cannot read " + name + ": " + e.getMessage(), e);
      }
    }
  }
}
