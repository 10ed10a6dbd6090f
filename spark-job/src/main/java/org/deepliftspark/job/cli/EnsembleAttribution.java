package org.deepliftspark.job.cli;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.Attribution.Scores;
import org.deepliftspark.engine.program.Numbers;

/**
 * Attributions of the same rows by several models.
 *
 * @param mean over the models
 * @param spread of contributions, per input: standard deviations with n - 1; null for one model,
 *     and for an input that is held
 * @param predictionSpread the same of predictions; null for one model
 */
record EnsembleAttribution(Attribution mean, Numbers[] spread, Numbers predictionSpread) {

  static EnsembleAttribution of(List<Attribution> perModel) {
    if (perModel.size() == 1) {
      return new EnsembleAttribution(perModel.get(0), null, null);
    }
    Numbers[] spread = new Numbers[perModel.get(0).scores().length];
    for (int i = 0; i < spread.length; i++) {
      int input = i;
      spread[i] = combined(perModel, a -> a.contributions(input), EnsembleAttribution::spreadOf);
    }
    return new EnsembleAttribution(
        mean(perModel),
        spread,
        combined(perModel, Attribution::predictions, EnsembleAttribution::spreadOf));
  }

  /** The mean of each number, in the order given. */
  static Attribution mean(List<Attribution> all) {
    Attribution first = all.get(0);
    Scores[] scores = new Scores[first.scores().length];
    for (int i = 0; i < scores.length; i++) {
      int input = i;
      scores[i] =
          first.scores()[i] == null
              ? null
              : new Scores(
                  meanOf(all, a -> a.contributions(input)),
                  meanOf(all, a -> a.multipliers(input)),
                  meanOf(all, a -> a.hypothetical(input)));
    }
    return new Attribution(
        first.rows(),
        first.targets(),
        first.references(),
        scores,
        meanOf(all, Attribution::predictions),
        meanOf(all, Attribution::modelOutput),
        meanOf(all, Attribution::referencePredictions),
        meanOf(all, Attribution::convergenceDelta));
  }

  private static Numbers meanOf(List<Attribution> all, Function<Attribution, Numbers> numbers) {
    return combined(all, numbers, EnsembleAttribution::mean);
  }

  private interface Combiner {
    double of(double[] ofOneNumber);
  }

  /** Null where the attributions have no such numbers. */
  private static Numbers combined(
      List<Attribution> all, Function<Attribution, Numbers> numbers, Combiner combiner) {
    List<Numbers> each = all.stream().map(numbers).filter(Objects::nonNull).toList();
    if (each.isEmpty()) {
      return null;
    }
    double[] one = new double[each.size()];
    double[] combined = new double[each.get(0).length()];
    for (int i = 0; i < combined.length; i++) {
      for (int k = 0; k < one.length; k++) {
        one[k] = each.get(k).get(i);
      }
      combined[i] = combiner.of(one);
    }
    return each.get(0).isDouble()
        ? Numbers.of(combined)
        : Numbers.of(Numbers.of(combined).floats());
  }

  private static double mean(double[] numbers) {
    double sum = 0;
    for (double number : numbers) {
      sum += number;
    }
    return sum / numbers.length;
  }

  private static double spreadOf(double[] numbers) {
    double mean = mean(numbers);
    double squares = 0;
    for (double number : numbers) {
      squares += (number - mean) * (number - mean);
    }
    return Math.sqrt(squares / (numbers.length - 1));
  }
}
