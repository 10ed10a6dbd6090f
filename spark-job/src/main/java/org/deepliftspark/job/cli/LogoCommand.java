package org.deepliftspark.job.cli;

import java.io.IOException;

/** {@code logo}: the contributions of one row as letters. */
final class LogoCommand implements Command {

  @Override
  public CommandName name() {
    return CommandName.LOGO;
  }

  @Override
  public void run(OptionValues values, Console console) throws IOException {
    ReportRun.logo(values, console);
  }
}
