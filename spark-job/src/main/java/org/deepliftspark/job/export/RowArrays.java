package org.deepliftspark.job.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.job.scores.ScoreRow;

/**
 * One row as arrays over its window, {@code [4, length]} with channels first or {@code [length, 4]}
 * with channels last. Reused from row to row; one thread.
 */
final class RowArrays {
  private static final int LETTERS = DnaAlphabet.SIZE;

  /** What an array holds. */
  enum Part {
    /** One at the letter that stands there. */
    ONE_HOT,
    /** What each letter would contribute. */
    HYPOTHETICAL,
    /** What the letter that stands there contributes, zero elsewhere. */
    PROJECTED
  }

  private final int rowLength;
  private final int from;
  private final int length;
  private final int[] letters;
  private float[] hypothetical;

  /**
   * @param rowLength positions of every row
   * @param window positions in the middle that are taken; 0 for all
   */
  RowArrays(int rowLength, int window) {
    if (window > rowLength) {
      throw new InvalidInputException(
          "Invalid --window " + window + ": the rows have " + rowLength + " positions");
    }
    this.rowLength = rowLength;
    this.length = window == 0 ? rowLength : window;
    this.from = (rowLength - length) / 2;
    this.letters = new int[length];
  }

  /** Position of the row at which the window starts. */
  int from() {
    return from;
  }

  int length() {
    return length;
  }

  /** Takes a row. */
  void load(ScoreRow row) {
    if (row.length() != rowLength) {
      throw new InvalidInputException(
          "Cannot export row "
              + row.id()
              + ": "
              + row.length()
              + " positions, the rows before it have "
              + rowLength
              + "; arrays hold rows of one length");
    }
    for (int i = 0; i < length; i++) {
      letters[i] = DnaAlphabet.index(row.sequence().charAt(from + i));
    }
    hypothetical = row.hypothetical();
  }

  /** Whether a letter of the window is none of A, C, G, T. */
  boolean hasUnknown() {
    for (int letter : letters) {
      if (!known(letter)) {
        return true;
      }
    }
    return false;
  }

  private static boolean known(int letter) {
    return letter >= 0 && letter < LETTERS;
  }

  /** One of the arrays; where a letter is unknown all of them are zero. */
  byte[] bytes(Part part, NumberType type, boolean channelsFirst) {
    ByteBuffer out =
        ByteBuffer.allocate(length * LETTERS * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < length * LETTERS; i++) {
      int position = channelsFirst ? i % length : i / LETTERS;
      int letter = channelsFirst ? i / length : i % LETTERS;
      type.put(out, number(part, position, letter));
    }
    return out.array();
  }

  private float number(Part part, int position, int letter) {
    boolean observed = letters[position] == letter;
    if (!known(letters[position]) || (part != Part.HYPOTHETICAL && !observed)) {
      return 0;
    }
    return part == Part.ONE_HOT ? 1 : hypothetical[(from + position) * LETTERS + letter];
  }
}
