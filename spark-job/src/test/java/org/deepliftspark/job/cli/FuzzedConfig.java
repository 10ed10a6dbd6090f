package org.deepliftspark.job.cli;

import java.nio.file.Path;
import java.util.List;

/** Opens the reader of job files to the tests of hostile input. */
public final class FuzzedConfig {

  private FuzzedConfig() {}

  /** A job file, up to the options of a job. */
  public static void read(Path file) {
    ScoreOptions.parse(List.of("--config", file.toString()));
  }
}
