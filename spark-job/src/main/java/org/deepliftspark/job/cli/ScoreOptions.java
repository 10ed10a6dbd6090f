package org.deepliftspark.job.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.encode.ImagePreprocessing;
import org.deepliftspark.engine.rule.RuleProfile;
import org.deepliftspark.job.JobOptions;
import org.deepliftspark.job.io.SequenceSource;

/** Makes the options of a scoring job of the values of the table. */
public final class ScoreOptions {

  private ScoreOptions() {}

  /** Parses the arguments of {@code score}. */
  public static JobOptions parse(List<String> args) {
    return of(Options.parse(CommandName.SCORE, args));
  }

  /**
   * The options of scoring rows that are at hand: no input is read and no output is written.
   *
   * @param texts values by key, as a user would write them
   * @throws InvalidInputException if a value is not valid
   */
  public static JobOptions ofTable(Map<String, List<String>> texts) {
    OptionParser parser = new OptionParser(CommandName.SCORE);
    Map<String, List<String>> checked = new LinkedHashMap<>();
    texts.forEach(
        (key, values) ->
            values.forEach(value -> parser.add(parser.option(key, ""), value, "", checked)));
    return of(new OptionValues(CommandName.SCORE, checked));
  }

  static JobOptions of(OptionValues values) {
    return new JobOptions(
        model(values),
        new JobOptions.Input(
            source(values),
            values.get(Options.LENGTH_POLICY),
            values.get(Options.UNKNOWN_BASE),
            preprocessing(values)),
        new JobOptions.References(
            values.all(Options.REFERENCES),
            values.get(Options.KEEP_REFERENCES),
            values.get(Options.SEED)),
        new JobOptions.Output(
            values.get(Options.OUTPUT),
            values.get(Options.OUTPUT_FORMAT),
            values.get(Options.MODE),
            values.get(Options.LAYOUT),
            values.get(Options.ENCODING),
            names(values.all(Options.PARTITION_BY)),
            values.get(Options.ROWS_PER_FILE),
            values.get(Options.COMPRESSION)),
        new JobOptions.Quality(
            values.get(Options.MAX_DELTA),
            values.get(Options.MAX_REJECTED_FRACTION),
            values.get(Options.REJECTED)),
        new JobOptions.Engine(
            values.get(Options.BACKEND),
            EngineOptions.precision(values),
            values.get(Options.BATCH),
            values.get(Options.MEMORY_PER_TASK),
            values.get(Options.PARTITIONS),
            values.get(Options.TASK_MINUTES),
            EngineOptions.gpu(values, values.get(Options.CONCURRENT_GPU_TASKS)),
            values.get(Options.TASKS_PER_GPU),
            values.get(Options.ALLOW_MIXED_DEVICES)),
        values.resolved());
  }

  private static JobOptions.Model model(OptionValues values) {
    return new JobOptions.Model(
        values.all(Options.MODEL),
        weights(values),
        EngineOptions.layouts(values),
        EngineOptions.lambdas(values),
        values.get(Options.METHOD),
        RuleProfile.of(values.get(Options.PROFILE)),
        values.all(Options.TARGET),
        values.get(Options.LAYER),
        values.get(Options.HYPOTHETICAL),
        values.get(Options.REVERSE_COMPLEMENT));
  }

  /** The weights files of Keras JSON models: one for each model, or none. */
  static List<String> weights(OptionValues values) {
    int models = values.all(Options.MODEL).size();
    List<String> weights = values.all(Options.WEIGHTS);
    if (!weights.isEmpty() && weights.size() != models) {
      throw new InvalidInputException(
          "Invalid --weights: expected one for each of the "
              + models
              + " models, found "
              + weights.size());
    }
    return weights;
  }

  private static SequenceSource.Request source(OptionValues values) {
    return new SequenceSource.Request(
        values.all(Options.INPUT),
        values.get(Options.INPUT_FORMAT),
        values.all(Options.SEQUENCE_COL),
        values.get(Options.ID_COL),
        names(values.all(Options.KEEP_COLS)),
        new SequenceSource.GenomeRequest(
            values.get(Options.GENOME), values.get(Options.OFF_CHROMOSOME)));
  }

  static ImagePreprocessing preprocessing(OptionValues values) {
    return new ImagePreprocessing(
        values.get(Options.PREPROCESSING_CHANNELS),
        values.get(Options.PREPROCESSING_RESIZE),
        values.get(Options.PREPROCESSING_CROP),
        values.get(Options.PREPROCESSING_SCALE).floatValue(),
        values.all(Options.PREPROCESSING_MEAN).stream().flatMap(List::stream).toList(),
        values.all(Options.PREPROCESSING_STD).stream().flatMap(List::stream).toList());
  }

  /** Names separated by commas, from one option or several. */
  private static List<String> names(List<String> texts) {
    List<String> names = new ArrayList<>();
    for (String text : texts) {
      Arrays.stream(text.split(","))
          .map(String::strip)
          .filter(n -> !n.isEmpty())
          .forEach(names::add);
    }
    return names;
  }
}
