package org.deepliftspark.job.cli;

import java.io.IOException;

/** {@code report}: what a run found, as one HTML file. */
final class ReportCommand implements Command {

  @Override
  public CommandName name() {
    return CommandName.REPORT;
  }

  @Override
  public void run(OptionValues values, Console console) throws IOException {
    ReportRun.report(values, console);
  }
}
