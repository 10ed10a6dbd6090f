package org.deepliftspark.job.cli;

import java.io.IOException;

/** {@code seqlets}: the stretches of each row that carry its score. */
final class SeqletsCommand implements Command {

  @Override
  public CommandName name() {
    return CommandName.SEQLETS;
  }

  @Override
  public void run(OptionValues values, Console console) throws IOException {
    MotifRun.seqlets(values, console);
  }
}
