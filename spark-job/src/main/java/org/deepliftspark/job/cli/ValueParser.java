package org.deepliftspark.job.cli;

/** Turns the text of an option's value into the value. */
@FunctionalInterface
interface ValueParser<T> {

  /**
   * @throws IllegalArgumentException if the text is not allowed; the message says what is, such as
   *     {@code "a whole number of at least 1"}
   */
  T parse(String text);
}
