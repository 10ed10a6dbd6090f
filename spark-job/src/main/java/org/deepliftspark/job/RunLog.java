package org.deepliftspark.job;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log lines for machines, one per step of a run: {@code event=planned run=... tasks=96}. Values
 * with blanks or quotes are quoted.
 */
final class RunLog {
  private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);

  private final String run;

  RunLog(String run) {
    this.run = run;
  }

  /**
   * @param pairs names and values in turn
   */
  void event(String event, Object... pairs) {
    LOG.info("{}", Secrets.redact(line(event, run, pairs)));
  }

  static String line(String event, String run, Object... pairs) {
    StringBuilder line = new StringBuilder("event=" + event + " run=" + run);
    for (int i = 0; i < pairs.length; i += 2) {
      line.append(' ').append(pairs[i]).append('=').append(quoted(String.valueOf(pairs[i + 1])));
    }
    return line.toString();
  }

  private static String quoted(String value) {
    boolean plain =
        !value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c != '"' && c != '=');
    return plain ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
