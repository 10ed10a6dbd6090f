package org.deepliftspark.job.cli;

import java.io.IOException;

/**
 * {@code demo}: scores the bundled sequences with the bundled network and shows that the scores
 * point at the planted motifs. Names no class of Spark or Hadoop, which are absent where only the
 * engine runs.
 */
final class DemoCommand implements Command {
  /** Where the scores go unless --output says otherwise; an earlier demo's are replaced. */
  static final String OUTPUT_DEFAULT = "demo-output";

  @Override
  public CommandName name() {
    return CommandName.DEMO;
  }

  @Override
  public void run(OptionValues values, Console console) throws IOException {
    String output = values.find(Options.OUTPUT).orElse(OUTPUT_DEFAULT);
    DemoRun.run(output, values.get(Options.BACKEND), console);
  }
}
