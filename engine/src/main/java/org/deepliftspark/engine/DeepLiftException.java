package org.deepliftspark.engine;

/**
 * Something the user can mend: the message is one line that says what is wrong, where, what was
 * expected and found, and what to do. Bugs of this project are never reported by this type.
 */
public abstract class DeepLiftException extends RuntimeException {
  protected DeepLiftException(String message) {
    super(oneLine(message));
  }

  protected DeepLiftException(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  /** Names from damaged files may hold anything; a terminal shall not obey it. */
  private static String oneLine(String message) {
    return message.replaceAll("\\s*\\R\\s*", " ").replaceAll("\\p{Cntrl}", "?");
  }
}
