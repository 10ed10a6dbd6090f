package org.deepliftspark.job.cli;

/** One command of the launcher. Stateless. */
public interface Command {
  CommandName name();

  /**
   * Carries the command out.
   *
   * @throws org.deepliftspark.engine.DeepLiftException for what the user can mend (exit status 2)
   * @throws org.deepliftspark.job.LimitExceededException if a limit was passed (exit status 3)
   * @throws Exception any other failure (exit status 1)
   */
  void run(OptionValues options, Console console) throws Exception;
}
