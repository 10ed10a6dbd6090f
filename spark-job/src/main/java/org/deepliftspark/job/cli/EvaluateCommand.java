package org.deepliftspark.job.cli;

import java.io.IOException;
import java.util.List;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.evaluate.EvaluateJob;
import org.deepliftspark.job.evaluate.EvaluateOptions;
import org.deepliftspark.job.evaluate.Metric;
import org.deepliftspark.job.io.SequenceSource;

/** {@code evaluate}: measures methods on the same rows, on Spark. */
final class EvaluateCommand implements Command {

  @Override
  public CommandName name() {
    return CommandName.EVALUATE;
  }

  @Override
  public void run(OptionValues values, Console console) throws IOException {
    EvaluateJob.run(options(values), console.out());
  }

  static EvaluateOptions options(OptionValues values) {
    List<String> references = values.all(Options.REFERENCES);
    if (values.all(Options.MODEL).size() > 1 || references.size() > 1) {
      throw new InvalidInputException(
          "Invalid options: evaluate takes one "
              + Options.MODEL
              + " and one "
              + Options.REFERENCES);
    }
    return new EvaluateOptions(
        values.get(Options.MODEL),
        values.get(Options.WEIGHTS),
        EngineOptions.layouts(values),
        EngineOptions.lambdas(values),
        new SequenceSource.Request(
            values.all(Options.INPUT),
            values.get(Options.INPUT_FORMAT),
            values.all(Options.SEQUENCE_COL),
            values.get(Options.ID_COL),
            List.of(),
            new SequenceSource.GenomeRequest(
                values.get(Options.GENOME), values.get(Options.OFF_CHROMOSOME))),
        new EvaluateOptions.Policies(
            values.get(Options.LENGTH_POLICY),
            values.get(Options.UNKNOWN_BASE),
            ScoreOptions.preprocessing(values)),
        values.all(Options.TARGET),
        words(values.get(Options.METHODS)),
        words(values.get(Options.METRICS)).stream().map(Metric::of).toList(),
        new EvaluateOptions.Draws(
            references.isEmpty() ? null : references.get(0),
            values.get(Options.BASELINE),
            values.get(Options.SUBSETS),
            values.get(Options.SEED)),
        values.get(Options.SITES_COL),
        values.get(Options.CONTRIBUTIONS_COL),
        values.get(Options.OUTPUT),
        values.get(Options.BACKEND));
  }

  private static List<String> words(String text) {
    return List.of(text.split(",")).stream().map(String::strip).filter(w -> !w.isEmpty()).toList();
  }
}
