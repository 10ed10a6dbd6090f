package org.deepliftspark.job.partition;

import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.job.Layout;

/** Takes from an attribution what output rows hold. */
record ScoreReader(List<ModelInput> inputs, Layout layout, boolean hypothetical) {

  /**
   * @param reversed whether the batch was the reverse complement: scores are turned back
   */
  RowScores read(Attribution attribution, boolean reversed) {
    int count = attribution.rows() * attribution.targets();
    float[][] contributions = new float[inputs.size()][];
    float[][] hypotheticals = new float[inputs.size()][];
    for (int i = 0; i < inputs.size(); i++) {
      ModelInput input = inputs.get(i);
      if (input.held()) {
        continue;
      }
      contributions[i] = contributions(input, attribution.contributions(i));
      hypotheticals[i] = hypothetical ? copy(attribution.hypothetical(i)) : null;
      if (reversed && input.dna()) {
        Strands.reverse(contributions[i], stored(input));
        if (hypothetical) {
          Strands.reverse(hypotheticals[i], input.size());
        }
      }
    }
    return new RowScores(
        means(attribution.predictions(), count, 1),
        means(attribution.modelOutput(), count, 1),
        means(attribution.referencePredictions(), count, attribution.references()),
        means(attribution.convergenceDelta(), count, attribution.references()),
        contributions,
        hypotheticals);
  }

  /** Numbers of a row's contributions as stored. */
  int stored(ModelInput input) {
    return isSummed(input) ? input.length() : input.size();
  }

  private boolean isSummed(ModelInput input) {
    return input.dna() && layout == Layout.OBSERVED;
  }

  /** Shape of a row's contributions as stored. */
  int[] shape(ModelInput input) {
    if (!input.dna()) {
      return input.shape().dims();
    }
    return layout == Layout.OBSERVED
        ? new int[] {input.length()}
        : new int[] {input.length(), DnaAlphabet.SIZE};
  }

  private float[] contributions(ModelInput input, Numbers all) {
    if (!isSummed(input)) {
      return copy(all);
    }
    return all.isDouble() ? sums(all) : sums(all.floats());
  }

  /** The same sums as of {@link Numbers}, without a call per number. */
  private static float[] sums(float[] all) {
    float[] sums = new float[all.length / DnaAlphabet.SIZE];
    for (int position = 0; position < sums.length; position++) {
      double sum = 0;
      for (int channel = 0; channel < DnaAlphabet.SIZE; channel++) {
        sum += all[position * DnaAlphabet.SIZE + channel];
      }
      sums[position] = (float) sum;
    }
    return sums;
  }

  private static float[] sums(Numbers all) {
    float[] sums = new float[all.length() / DnaAlphabet.SIZE];
    for (int position = 0; position < sums.length; position++) {
      double sum = 0;
      for (int channel = 0; channel < DnaAlphabet.SIZE; channel++) {
        sum += all.get(position * DnaAlphabet.SIZE + channel);
      }
      sums[position] = (float) sum;
    }
    return sums;
  }

  /** A backend may use its arrays again. */
  private static float[] copy(Numbers all) {
    return all.isDouble() ? all.floats() : Arrays.copyOf(all.floats(), all.length());
  }

  private static double[] means(Numbers all, int count, int references) {
    double[] means = new double[count];
    for (int i = 0; i < count; i++) {
      double sum = 0;
      for (int k = 0; k < references; k++) {
        sum += all.get(i * references + k);
      }
      means[i] = sum / references;
    }
    return means;
  }
}
