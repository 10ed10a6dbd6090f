package org.deepliftspark.job.scores;

import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.engine.encode.GenomicInterval;

/**
 * One row of a score table, decoded. Arrays are not copied.
 *
 * @param sequence the bases as scored; null where the input is no sequence
 * @param place where the row lies; null if the table does not say
 * @param shape of {@code contributions}
 * @param contributions row-major
 * @param hypothetical {@code [length, 4]}, row-major; null if the table has none or they were not
 *     asked for
 */
public record ScoreRow(
    String id,
    String sequence,
    GenomicInterval place,
    double prediction,
    double referencePrediction,
    double convergenceDelta,
    int[] shape,
    float[] contributions,
    float[] hypothetical) {

  /** Whether this row is a DNA sequence. */
  public boolean isSequence() {
    return sequence != null;
  }

  /** Positions of a sequence. */
  public int length() {
    return sequence.length();
  }

  /** One contribution per position of a sequence, whatever the layout of the table. */
  public float[] observed() {
    if (contributions.length == length()) {
      return contributions;
    }
    float[] sums = new float[length()];
    for (int position = 0; position < sums.length; position++) {
      double sum = 0;
      for (int letter = 0; letter < DnaAlphabet.SIZE; letter++) {
        sum += contributions[position * DnaAlphabet.SIZE + letter];
      }
      sums[position] = (float) sum;
    }
    return sums;
  }

  /** Sum of all contributions. */
  public double mass() {
    double sum = 0;
    for (float contribution : contributions) {
      sum += contribution;
    }
    return sum;
  }

  /** Whether the row was scored on the reverse strand, so that its bases run against the genome. */
  public boolean isReverse() {
    return place != null && "-".equals(place.strand());
  }
}
