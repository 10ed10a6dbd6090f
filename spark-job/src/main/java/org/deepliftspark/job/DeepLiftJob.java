package org.deepliftspark.job;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.job.cli.CommandName;
import org.deepliftspark.job.cli.Main;

/**
 * The main class for spark-submit and job schedulers; its arguments are those of the {@code score}
 * command. It never calls {@link System#exit} unless the launcher started it, and never stops a
 * Spark session that was there before.
 */
public final class DeepLiftJob {

  private DeepLiftJob() {}

  public static void main(String[] args) {
    List<String> line = new ArrayList<>(List.of(CommandName.SCORE.word()));
    line.addAll(List.of(args));
    Main.start(line);
  }
}
