package org.deepliftspark.job.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.Suggestion;
import org.deepliftspark.job.BuildInfo;
import org.deepliftspark.job.JobSession;
import org.deepliftspark.job.Secrets;

/**
 * The main class of the launcher: the first argument names the command.
 *
 * <p>Whatever happens ends in one line and an exit status: 0 done, 1 a bug of ours, 2 input or
 * options, 3 a limit passed, 130 interrupted. {@link System#exit} is called only if the launcher
 * says so by a system property; otherwise a failure becomes one {@link CommandFailedException}.
 */
public final class Main {
  /** System property by which the launcher says that it started this JVM. */
  public static final String LAUNCHER_PROPERTY = "org.deepliftspark.launcher";

  private static final List<String> HELP_WORDS = List.of("help", "--help", "-h");
  private static final List<String> VERSION_WORDS = List.of("version", "--version");

  /** Set when the JVM is told to end, as by Ctrl-C. */
  private static volatile boolean shuttingDown;

  private final List<Command> commands;
  private final Console console;

  Main(List<Command> commands, Console console) {
    this.commands = commands;
    this.console = console;
  }

  public static void main(String[] args) {
    start(List.of(args));
  }

  /** Runs a command line and ends the way the starter of this JVM expects. */
  public static void start(List<String> args) {
    boolean quiet = launched() && !args.contains(Options.STACKTRACE.toString());
    Thread hook = new Thread(() -> interrupted(quiet), "deeplift-interrupted");
    Runtime.getRuntime().addShutdownHook(hook);
    Outcome outcome = new Main(Commands.all(), Console.system()).run(args);
    if (!shuttingDown) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
    if (launched()) {
      if (outcome.message() != null) {
        System.err.println(outcome.message());
      }
      System.out.flush();
      System.exit(outcome.status().code());
    }
    if (outcome.status() != ExitStatus.DONE) {
      throw new CommandFailedException(outcome.message(), outcome.status().code());
    }
  }

  /**
   * In cluster mode the process is the cluster's to end, whoever submitted: YARN calls an
   * application failed whose driver ends itself, even with status 0, and starts it again.
   */
  private static boolean launched() {
    return System.getProperty(LAUNCHER_PROPERTY) != null
        && !"cluster".equals(System.getProperty("spark.submit.deployMode"));
  }

  private static void interrupted(boolean quiet) {
    shuttingDown = true;
    if (quiet) {
      JobSession.silence();
    }
  }

  /** How a run ended: the status and the line to show, null if there is none. */
  record Outcome(ExitStatus status, String message) {}

  Outcome run(List<String> args) {
    try {
      execute(args);
      return new Outcome(ExitStatus.DONE, null);
    } catch (Exception | Error failure) {
      Throwable cause = shuttingDown ? interrupted(failure) : ExitStatus.decisive(failure);
      if (args.contains(Options.STACKTRACE.toString())) {
        failure.printStackTrace(console.err());
      }
      return new Outcome(ExitStatus.of(cause), line(cause));
    }
  }

  /**
   * What fails while the JVM is told to end, fails because of that: Spark takes its context from
   * under the job.
   */
  private static Throwable interrupted(Throwable failure) {
    return new InterruptedException(failure.getMessage());
  }

  private void execute(List<String> args) throws Exception {
    if (args.isEmpty()) {
      throw new InvalidInputException(
          "Missing command: expected one of "
              + String.join(", ", CommandName.words())
              + ", help, version");
    }
    String word = args.get(0);
    List<String> rest = args.subList(1, args.size());
    if (HELP_WORDS.contains(word)) {
      console.out().print(rest.isEmpty() ? HelpText.commands() : HelpText.of(named(rest.get(0))));
    } else if (VERSION_WORDS.contains(word)) {
      console.out().println(BuildInfo.line());
    } else {
      runCommand(named(word), rest);
    }
  }

  private void runCommand(CommandName name, List<String> args) throws Exception {
    OptionValues options = Options.parse(name, args);
    if (options.get(Options.HELP)) {
      console.out().print(HelpText.of(name));
      return;
    }
    Optional<Command> command = commands.stream().filter(c -> c.name() == name).findFirst();
    command
        .orElseThrow(() -> new IllegalStateException("No command for '" + name.word() + "'"))
        .run(options, console);
  }

  private static CommandName named(String word) {
    return CommandName.of(word)
        .orElseThrow(
            () -> {
              List<String> words = new ArrayList<>(CommandName.words());
              words.addAll(List.of("help", "version"));
              String hint =
                  Suggestion.nearest(word, words)
                      .map(near -> "Did you mean " + near + "?")
                      .orElse("Expected one of " + String.join(", ", words));
              return new InvalidInputException("Unknown command '" + word + "'. " + hint);
            });
  }

  private static String line(Throwable cause) {
    String message = cause.getMessage() == null ? "" : Secrets.redact(cause.getMessage());
    return switch (ExitStatus.of(cause)) {
      case DONE -> null;
      case BAD_INPUT, LIMIT -> "deeplift: " + oneLine(message);
      case INTERRUPTED -> "deeplift: interrupted";
      case BUG ->
          "deeplift: failed with "
              + cause.getClass().getName()
              + (message.isEmpty() ? "" : ": " + firstLine(message))
              + " (--stacktrace shows where)";
    };
  }

  private static String oneLine(String message) {
    return message.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse("");
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}
