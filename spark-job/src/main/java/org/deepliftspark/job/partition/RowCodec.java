package org.deepliftspark.job.partition;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.job.Layout;

/**
 * Writes output rows: one per row and target.
 *
 * @param kept number of kept columns
 * @param targets names of the targets, in the engine's order
 * @param length of the sequences
 * @param layout of contributions
 * @param hypothetical whether there is such a column
 * @param maxDelta largest |convergence delta| of a row that is not marked; null for no such column
 */
public record RowCodec(
    int kept,
    List<String> targets,
    int length,
    Layout layout,
    boolean hypothetical,
    Double maxDelta)
    implements Serializable {
  public static final String TARGET = "target";
  public static final String CONVERGENCE_DELTA = "convergence_delta";
  public static final String ABOVE_MAX_DELTA = "above_max_delta";

  /** Columns of the output, for the kept columns of an input. */
  public StructType schema(List<StructField> keptFields) {
    StructType schema =
        PreparedSchema.output(keptFields)
            .add(TARGET, DataTypes.StringType)
            .add("prediction", DataTypes.DoubleType)
            .add("reference_prediction", DataTypes.DoubleType)
            .add("model_output", DataTypes.DoubleType)
            .add(CONVERGENCE_DELTA, DataTypes.DoubleType)
            .add("n_references", DataTypes.IntegerType)
            .add("shape", DataTypes.createArrayType(DataTypes.IntegerType, false))
            .add("contributions", DataTypes.createArrayType(DataTypes.FloatType, false));
    if (hypothetical) {
      schema = schema.add("hypothetical", DataTypes.createArrayType(DataTypes.FloatType, false));
    }
    return maxDelta == null ? schema : schema.add(ABOVE_MAX_DELTA, DataTypes.BooleanType);
  }

  /**
   * The output rows of a batch. A target that the output holds already gives none, nor does one of
   * a row whose numbers are not finite.
   */
  List<Row> rows(List<Row> batch, Attribution attribution) {
    List<Row> rows = new ArrayList<>(batch.size() * targets.size());
    for (int i = 0; i < batch.size(); i++) {
      List<String> done = done(batch.get(i));
      for (int target = 0; target < targets.size(); target++) {
        if (done.contains(targets.get(target))) {
          continue;
        }
        Row row = row(batch.get(i), attribution, i * targets.size() + target, targets.get(target));
        if (row != null) {
          rows.add(row);
        }
      }
    }
    return rows;
  }

  private List<String> done(Row prepared) {
    int at = PreparedSchema.FIXED + kept + PreparedSchema.DONE_OFFSET;
    return prepared.isNullAt(at) ? List.of() : prepared.getList(at);
  }

  private Row row(Row prepared, Attribution attribution, int at, String target) {
    double prediction = attribution.predictions().get(at);
    double output = attribution.modelOutput().get(at);
    double reference = mean(attribution.referencePredictions(), at, attribution.references());
    double delta = mean(attribution.convergenceDelta(), at, attribution.references());
    float[] contributions = contributions(attribution.contributions(0), at);
    float[] hypotheticals = hypothetical ? slice(attribution.hypothetical(0), at) : null;
    boolean finite = Double.isFinite(prediction + output + reference + delta);
    if (!finite || !isFinite(contributions) || (hypothetical && !isFinite(hypotheticals))) {
      return null;
    }
    Object[] values = new Object[width()];
    int column = 0;
    for (; column < PreparedSchema.FIXED + kept; column++) {
      values[column] = prepared.get(column);
    }
    values[column++] = target;
    values[column++] = prediction;
    values[column++] = reference;
    values[column++] = output;
    values[column++] = delta;
    values[column++] = attribution.references();
    values[column++] = shape();
    values[column++] = contributions;
    if (hypothetical) {
      values[column++] = hypotheticals;
    }
    if (maxDelta != null) {
      values[column] = Math.abs(delta) > maxDelta;
    }
    return RowFactory.create(values);
  }

  private int width() {
    return PreparedSchema.FIXED + kept + 8 + (hypothetical ? 1 : 0) + (maxDelta == null ? 0 : 1);
  }

  private int[] shape() {
    return layout == Layout.FULL ? new int[] {length, DnaAlphabet.SIZE} : new int[] {length};
  }

  private float[] contributions(Numbers all, int at) {
    if (layout == Layout.FULL) {
      return slice(all, at);
    }
    float[] sums = new float[length];
    int from = at * length * DnaAlphabet.SIZE;
    for (int position = 0; position < length; position++) {
      double sum = 0;
      for (int channel = 0; channel < DnaAlphabet.SIZE; channel++) {
        sum += all.get(from + position * DnaAlphabet.SIZE + channel);
      }
      sums[position] = (float) sum;
    }
    return sums;
  }

  private float[] slice(Numbers all, int at) {
    int size = length * DnaAlphabet.SIZE;
    if (!all.isDouble()) {
      return Arrays.copyOfRange(all.floats(), at * size, (at + 1) * size);
    }
    float[] out = new float[size];
    for (int i = 0; i < size; i++) {
      out[i] = (float) all.get(at * size + i);
    }
    return out;
  }

  private static double mean(Numbers all, int at, int references) {
    double sum = 0;
    for (int k = 0; k < references; k++) {
      sum += all.get(at * references + k);
    }
    return sum / references;
  }

  private static boolean isFinite(float[] numbers) {
    for (float number : numbers) {
      if (!Float.isFinite(number)) {
        return false;
      }
    }
    return true;
  }
}
