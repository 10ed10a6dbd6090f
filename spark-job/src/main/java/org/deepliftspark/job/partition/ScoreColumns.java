package org.deepliftspark.job.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.deepliftspark.engine.encode.OneHotEncoder;

/**
 * The columns of the output behind those of the prepared rows: their names, their types and where
 * their values come from, in one place. One thread.
 */
final class ScoreColumns {
  private static final ArrayType INTS = DataTypes.createArrayType(DataTypes.IntegerType, false);

  /** Characters that Parquet, or a path, does not take in a column's name. */
  private static final String NOT_IN_NAMES = "[\\s,;{}()=./\\\\\\p{Cntrl}]";

  private final RowCodec codec;
  private final ScoreReader reader;
  private final ScoreEncoder encoder;
  private final List<Column> columns = new ArrayList<>();

  /**
   * A column of the output.
   *
   * @param value of a row and target; null if it holds a number that is not finite or cannot be
   *     stored
   */
  record Column(String name, DataType type, Function<ScoredBatch.Cell, Object> value) {}

  /**
   * @param computedOn what computes the rows; null where only the names and types are asked for
   */
  ScoreColumns(RowCodec codec, String computedOn) {
    this.codec = codec;
    this.reader = codec.reader();
    this.encoder = new ScoreEncoder(codec.encoding());
    add(RowCodec.TARGET, DataTypes.StringType, cell -> codec.targets().get(cell.target()));
    number("prediction", cell -> cell.scores().predictions()[cell.at()]);
    number("reference_prediction", cell -> cell.scores().referencePredictions()[cell.at()]);
    number("model_output", cell -> cell.scores().outputs()[cell.at()]);
    number(RowCodec.CONVERGENCE_DELTA, cell -> cell.scores().deltas()[cell.at()]);
    int references =
        codec.inputs().stream().mapToInt(input -> input.references().count()).max().orElse(1);
    add("n_references", DataTypes.IntegerType, cell -> references);
    for (int i = 0; i < codec.inputs().size(); i++) {
      if (!codec.inputs().get(i).held()) {
        addScores(i);
      }
    }
    if (codec.variants()) {
      addAlternate(codec.inputs().get(0));
    }
    if (codec.models() > 1) {
      addSpread();
    }
    if (codec.references()) {
      addReferences();
    }
    if (codec.maxDelta() != null) {
      add(
          RowCodec.ABOVE_MAX_DELTA,
          DataTypes.BooleanType,
          cell -> Math.abs(cell.scores().deltas()[cell.at()]) > codec.maxDelta());
    }
    if (codec.device()) {
      add(RowCodec.DEVICE, DataTypes.StringType, cell -> computedOn);
    }
  }

  List<Column> all() {
    return columns;
  }

  /** What names of an input's columns end in: nothing for the only one, otherwise its name. */
  private String suffix(int input) {
    if (codec.inputs().size() == 1) {
      return "";
    }
    return "_" + codec.inputs().get(input).name().replaceAll(NOT_IN_NAMES, "_");
  }

  private void addScores(int input) {
    ModelInput of = codec.inputs().get(input);
    int[] shape = reader.shape(of);
    int stored = reader.stored(of);
    add("shape" + suffix(input), INTS, cell -> shape);
    scores(
        "contributions" + suffix(input),
        cell -> cell.slice(cell.scores().contributions()[input], stored));
    if (codec.hypothetical()) {
      scores(
          "hypothetical" + suffix(input),
          cell -> cell.slice(cell.scores().hypothetical()[input], of.size()));
    }
  }

  /** The window with the alternate allele of a variant, for a model with one input. */
  private void addAlternate(ModelInput input) {
    int stored = reader.stored(input);
    int sequenceAt = codec.rowInputs().at(1, codec.kept());
    add("sequence_alt", DataTypes.StringType, cell -> cell.prepared().getString(sequenceAt));
    number("prediction_alt", cell -> cell.alternate().predictions()[cell.at()]);
    number("model_output_alt", cell -> cell.alternate().outputs()[cell.at()]);
    number("convergence_delta_alt", cell -> cell.alternate().deltas()[cell.at()]);
    number(
        "prediction_difference",
        cell -> cell.alternate().predictions()[cell.at()] - cell.scores().predictions()[cell.at()]);
    if (codec.models() > 1) {
      number("prediction_difference_spread", ScoredBatch.Cell::differenceSpread);
    }
    scores("contributions_alt", cell -> cell.slice(cell.alternate().contributions()[0], stored));
    if (codec.hypothetical()) {
      scores(
          "hypothetical_alt", cell -> cell.slice(cell.alternate().hypothetical()[0], input.size()));
    }
    scores(
        "contributions_difference",
        cell ->
            AlleleDifference.of(cell.prepared())
                .of(
                    cell.slice(cell.scores().contributions()[0], stored),
                    cell.slice(cell.alternate().contributions()[0], stored),
                    stored / input.length()));
  }

  private void addSpread() {
    add("n_models", DataTypes.IntegerType, cell -> codec.models());
    number("prediction_spread", cell -> cell.batch().predictionSpread()[cell.at()]);
    for (int i = 0; i < codec.inputs().size(); i++) {
      int input = i;
      if (!codec.inputs().get(i).held()) {
        int stored = reader.stored(codec.inputs().get(i));
        scores(
            "contributions_spread" + suffix(i),
            cell -> cell.slice(cell.batch().spread()[input], stored));
      }
    }
  }

  private void addReferences() {
    for (int i = 0; i < codec.inputs().size(); i++) {
      ModelInput of = codec.inputs().get(i);
      int input = i;
      int size = of.references().count() * of.size();
      if (of.held()) {
        continue;
      }
      if (codec.keepsLetters(input)) {
        add(
            "references" + suffix(i),
            DataTypes.createArrayType(DataTypes.StringType, false),
            cell -> letters(cell.references(input, size), of));
      } else {
        scores("references" + suffix(i), cell -> cell.references(input, size));
      }
    }
  }

  private static String[] letters(float[] references, ModelInput input) {
    String[] letters = new String[input.references().count()];
    for (int k = 0; k < letters.length; k++) {
      StringBuilder one = new StringBuilder(input.length());
      for (int position = 0; position < input.length(); position++) {
        int at = k * input.size() + position * 4;
        int index = OneHotEncoder.index(references, at);
        one.append(index < 0 ? 'N' : "ACGTN".charAt(index));
      }
      letters[k] = one.toString();
    }
    return letters;
  }

  private void number(String name, ToDoubleFunction<ScoredBatch.Cell> value) {
    add(
        name,
        DataTypes.DoubleType,
        cell -> {
          double number = value.applyAsDouble(cell);
          return Double.isFinite(number) ? number : null;
        });
  }

  private void scores(String name, Function<ScoredBatch.Cell, float[]> numbers) {
    add(name, encoder.type(), cell -> encoder.store(numbers.apply(cell)));
  }

  private void add(String name, DataType type, Function<ScoredBatch.Cell, Object> value) {
    columns.add(new Column(name, type, value));
  }
}
