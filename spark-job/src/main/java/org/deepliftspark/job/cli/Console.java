package org.deepliftspark.job.cli;

import java.io.PrintStream;

/**
 * Where a command prints.
 *
 * @param out results
 * @param err logs and progress
 */
public record Console(PrintStream out, PrintStream err) {
  public static Console system() {
    return new Console(System.out, System.err);
  }
}
