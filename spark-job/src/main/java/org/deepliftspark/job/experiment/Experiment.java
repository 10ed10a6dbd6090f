package org.deepliftspark.job.experiment;

import java.io.IOException;

/** One of the papers' experiments. */
interface Experiment {

  /** Name of the command under {@code scripts/experiments}. */
  String name();

  /** Runs it. */
  Outcome run(Setting setting) throws IOException;

  /**
   * @param table for people
   * @param json for programs; a tree of maps and numbers
   * @param figure SVG
   */
  record Outcome(String table, Object json, String figure) {}
}
