package org.deepliftspark.job.io;

/**
 * Follows the quotes of a CSV text letter by letter, as Spark's parser and RFC 4180 have them: a
 * field that begins with a quote ends at the next quote that is not doubled; quotes elsewhere are
 * letters. One thread.
 */
final class CsvQuotes {
  private static final char QUOTE = '"';

  private final char separator;
  private State before = State.FIELD_START;
  private State state = State.FIELD_START;

  private enum State {
    FIELD_START,
    PLAIN,
    QUOTED,
    /** Behind a quote in a quoted field: its end, or the first of two. */
    QUOTE_SEEN
  }

  CsvQuotes(char separator) {
    this.separator = separator;
  }

  /** Whether a line that begins outside of quotes ends within them. */
  static boolean leavesOpen(String line, char separator) {
    if (line.indexOf(QUOTE) < 0) {
      return false;
    }
    CsvQuotes quotes = new CsvQuotes(separator);
    for (int i = 0; i < line.length(); i++) {
      quotes.next(line.charAt(i));
    }
    return quotes.isWithin();
  }

  void next(int letter) {
    boolean ends = letter == separator || letter == '\n' || letter == '\r';
    before = state;
    state =
        switch (state) {
          case FIELD_START ->
              ends ? State.FIELD_START : letter == QUOTE ? State.QUOTED : State.PLAIN;
          case PLAIN -> ends ? State.FIELD_START : State.PLAIN;
          case QUOTED -> letter == QUOTE ? State.QUOTE_SEEN : State.QUOTED;
          case QUOTE_SEEN ->
              ends ? State.FIELD_START : letter == QUOTE ? State.QUOTED : State.PLAIN;
        };
  }

  /** Whether what follows still belongs to a quoted field. */
  boolean isWithin() {
    return state == State.QUOTED;
  }

  /** Whether the last letter began a quoted field. */
  boolean hasOpened() {
    return before == State.FIELD_START && state == State.QUOTED;
  }

  /** Whether the last letter stands right behind the end of a quoted field and is none that may. */
  boolean isOutOfPlace() {
    return before == State.QUOTE_SEEN && state == State.PLAIN;
  }
}
