package org.deepliftspark.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.LimitExceededException;
import org.junit.jupiter.api.Test;

class MainTest {
  private static final List<String> INSPECT = List.of("inspect", "--model", "m.onnx");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** Stands in for a command and ends as told. */
  private record Ending(Throwable failure) implements Command {
    @Override
    public CommandName name() {
      return CommandName.INSPECT;
    }

    @Override
    public void run(OptionValues options, Console console) throws Exception {
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure instanceof Exception exception) {
        throw exception;
      }
      console.out().print(options.get(Options.MODEL));
    }
  }

  private Main.Outcome run(Throwable failure, List<String> args) {
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Main(List.of(new Ending(failure)), console).run(args);
  }

  @Test
  void aCommandThatEndsWellGivesStatusZero() {
    assertThat(run(null, INSPECT)).isEqualTo(new Main.Outcome(ExitStatus.DONE, null));
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("m.onnx");
  }

  @Test
  void whatTheUserCanMendGivesOneLineAndStatusTwo() {
    Main.Outcome outcome =
        run(new InvalidInputException("Cannot read m.onnx:\n no such file"), INSPECT);
    assertThat(outcome.status().code()).isEqualTo(2);
    assertThat(outcome.message()).isEqualTo("deeplift: Cannot read m.onnx: no such file");
    assertThat(err.size()).isZero();
  }

  @Test
  void anErrorOfALibraryIsOneLineToo() {
    assertThat(run(new AssertionError("assertion failed: Conflicting folders\n\ta\n"), INSPECT))
        .isEqualTo(
            new Main.Outcome(
                ExitStatus.BUG,
                "deeplift: failed with java.lang.AssertionError: assertion failed: Conflicting"
                    + " folders (--stacktrace shows where)"));
  }

  @Test
  void theCauseThatSparkWrappedDecides() {
    Exception wrapped =
        new RuntimeException(
            "Job aborted", new RuntimeException(new InvalidInputException("Bad row")));
    assertThat(run(wrapped, INSPECT))
        .isEqualTo(new Main.Outcome(ExitStatus.BAD_INPUT, "deeplift: Bad row"));
  }

  @Test
  void aLimitPassedGivesStatusThree() {
    Main.Outcome outcome = run(new LimitExceededException("2 of 10 rows rejected"), INSPECT);
    assertThat(outcome.status().code()).isEqualTo(3);
    assertThat(outcome.message()).isEqualTo("deeplift: 2 of 10 rows rejected");
  }

  @Test
  void anInterruptionGivesStatus130() {
    assertThat(run(new InterruptedException(), INSPECT).status().code()).isEqualTo(130);
  }

  @Test
  void aBugGivesOneLineAndAHint() {
    Main.Outcome outcome = run(new IllegalStateException("rule x\ndetails"), INSPECT);
    assertThat(outcome.status().code()).isEqualTo(1);
    assertThat(outcome.message())
        .isEqualTo(
            "deeplift: failed with java.lang.IllegalStateException: rule x (--stacktrace shows where)");
    assertThat(err.size()).isZero();
  }

  @Test
  void theStackTraceIsShownIfAskedFor() {
    run(
        new IllegalStateException("rule x"),
        List.of("inspect", "--model", "m.onnx", "--stacktrace"));
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("at " + MainTest.class.getName());
  }

  @Test
  void anUnknownCommandIsRefusedWithTheNearestOne() {
    assertThat(run(null, List.of("scroe")).message())
        .isEqualTo("deeplift: Unknown command 'scroe'. Did you mean score?");
    assertThat(run(null, List.of()).message())
        .startsWith("deeplift: Missing command: expected one of");
  }

  @Test
  void helpAndVersionPrintToStandardOutput() {
    assertThat(run(null, List.of("help")).status()).isEqualTo(ExitStatus.DONE);
    assertThat(run(null, List.of("help", "inspect")).status()).isEqualTo(ExitStatus.DONE);
    assertThat(run(null, List.of("score", "--help")).status()).isEqualTo(ExitStatus.DONE);
    assertThat(run(null, List.of("version")).status()).isEqualTo(ExitStatus.DONE);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains(
            "Usage: deeplift COMMAND", "Usage: deeplift inspect", "--max-delta", "deeplift-spark");
  }

  @Test
  void withoutTheLauncherAFailureIsOneExceptionWithoutAStackTrace() {
    assertThatThrownBy(() -> Main.start(List.of("score", "--modle", "x")))
        .isInstanceOf(CommandFailedException.class)
        .hasMessage("deeplift: Unknown option --modle for 'score'. Did you mean --model?")
        .satisfies(e -> assertThat(e.getStackTrace()).isEmpty())
        .satisfies(e -> assertThat(((CommandFailedException) e).status()).isEqualTo(2));
  }

  @Test
  void aDriverInClusterModeIsNotEndedEvenIfTheLauncherSubmittedIt() {
    Properties before = (Properties) System.getProperties().clone();
    System.setProperty(Main.LAUNCHER_PROPERTY, "true");
    System.setProperty("spark.submit.deployMode", "cluster");
    try {
      assertThatThrownBy(() -> Main.start(List.of("score", "--modle", "x")))
          .isInstanceOf(CommandFailedException.class);
    } finally {
      System.setProperties(before);
    }
  }
}
