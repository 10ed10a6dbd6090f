package org.deepliftspark.job.cli;

import java.util.List;

/** The commands that there are. */
final class Commands {

  private Commands() {}

  static List<Command> all() {
    return List.of(
        new ScoreCommand(),
        new DemoCommand(),
        new AttributeCommand(),
        new EvaluateCommand(),
        new CompileCommand(),
        new InspectCommand(),
        new BenchCommand(),
        new ExportCommand(),
        new SeqletsCommand(),
        new MotifsCommand(),
        new ReportCommand(),
        new LogoCommand());
  }
}
