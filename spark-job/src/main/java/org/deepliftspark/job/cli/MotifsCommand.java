package org.deepliftspark.job.cli;

import java.io.IOException;

/** {@code motifs}: which known motifs the seqlets are. */
final class MotifsCommand implements Command {

  @Override
  public CommandName name() {
    return CommandName.MOTIFS;
  }

  @Override
  public void run(OptionValues values, Console console) throws IOException {
    MotifRun.motifs(values, console);
  }
}
