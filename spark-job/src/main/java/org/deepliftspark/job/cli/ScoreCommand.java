package org.deepliftspark.job.cli;

import java.io.IOException;
import org.deepliftspark.job.JobOptions;
import org.deepliftspark.job.ScoreJob;

/** {@code score}: the Spark job. */
final class ScoreCommand implements Command {

  @Override
  public CommandName name() {
    return CommandName.SCORE;
  }

  @Override
  public void run(OptionValues values, Console console) throws IOException {
    JobOptions options = ScoreOptions.of(values);
    if (values.get(Options.DRY_RUN)) {
      ScoreJob.dryRun(options, console.out());
    } else {
      ScoreJob.run(options, console.out(), console.err());
    }
  }
}
