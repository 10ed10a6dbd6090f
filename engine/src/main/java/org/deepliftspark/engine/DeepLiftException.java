package org.deepliftspark.engine;

/**
 * Something the user can mend: the message is one line that says what is wrong, where, what was
 * expected and found, and what to do. Bugs of this project are never reported by this type.
 */
public abstract class DeepLiftException extends RuntimeException {
  /** Room for the names of many layers; a message is to be read by people. */
  private static final int MOST_LETTERS = 8000;

  protected DeepLiftException(String message) {
    super(oneLine(message));
  }

  protected DeepLiftException(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  /** Names from damaged files may hold anything, and of any length. */
  private static String oneLine(String message) {
    return PlainText.line(message, MOST_LETTERS);
  }
}
