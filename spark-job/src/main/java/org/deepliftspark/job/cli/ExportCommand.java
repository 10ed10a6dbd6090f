package org.deepliftspark.job.cli;

import java.io.IOException;

/** {@code export}: scores in the formats of other programs. */
final class ExportCommand implements Command {

  @Override
  public CommandName name() {
    return CommandName.EXPORT;
  }

  @Override
  public void run(OptionValues values, Console console) throws IOException {
    ExportRun.run(values, console);
  }
}
