package org.deepliftspark.job.experiment;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepliftspark.engine.DeepLiftException;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.InvalidInputException;

/**
 * What {@code scripts/experiments} starts: runs one experiment, prints its table and writes its
 * figure. Exit status 0 done, 2 what the user can mend.
 */
public final class Experiments {
  static final List<Experiment> ALL =
      List.of(new MnistFlip(), new TalGata(), new SensitivityCurves(), new Toy());

  private static final String USAGE =
      "usage: scripts/experiments/%s [--json FILE] [--figure FILE] [--backend NAME]";

  private Experiments() {}

  /**
   * @param args name of the experiment, folder of the papers' data (may be missing), folder of the
   *     project's own, then options
   */
  public static void main(String[] args) throws IOException {
    System.exit(run(List.of(args), System.out, System.err));
  }

  static int run(List<String> args, PrintStream out, PrintStream err) throws IOException {
    try {
      Experiment experiment = named(args.get(0));
      List<String> rest = args.subList(3, args.size());
      if (rest.contains("--help")) {
        out.println(USAGE.formatted(experiment.name()));
        return 0;
      }
      Map<String, String> options = options(experiment, rest);
      Setting setting =
          new Setting(
              Optional.of(Path.of(args.get(1))).filter(Files::isDirectory),
              Path.of(args.get(2)),
              options.getOrDefault("--backend", DeepLiftOptions.BACKEND_DEFAULT));
      Experiment.Outcome outcome = experiment.run(setting);
      out.print(outcome.table());
      String figure = options.getOrDefault("--figure", experiment.name() + ".svg");
      write(figure, outcome.figure());
      if (options.containsKey("--json")) {
        write(
            options.get("--json"),
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(outcome.json())
                + "\n");
      }
      err.println(experiment.name() + ": figure in " + figure);
      return 0;
    } catch (DeepLiftException e) {
      err.println(args.get(0) + ": " + e.getMessage());
      return 2;
    }
  }

  private static Experiment named(String name) {
    return ALL.stream()
        .filter(experiment -> experiment.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "Unknown experiment: expected one of "
                        + String.join(", ", ALL.stream().map(Experiment::name).toList())));
  }

  private static Map<String, String> options(Experiment experiment, List<String> args) {
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i < args.size(); i += 2) {
      if (!List.of("--json", "--figure", "--backend").contains(args.get(i))
          || i + 1 == args.size()) {
        throw new InvalidInputException(
            "Invalid argument '" + args.get(i) + "'; " + USAGE.formatted(experiment.name()));
      }
      options.put(args.get(i), args.get(i + 1));
    }
    return options;
  }

  private static void write(String file, String text) {
    try {
      Files.writeString(Path.of(file), text);
    } catch (IOException e) {
      throw new InvalidInputException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
