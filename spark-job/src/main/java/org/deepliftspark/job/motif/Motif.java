package org.deepliftspark.job.motif;

import java.io.Serializable;

/**
 * A known motif.
 *
 * @param id unique in its file
 * @param name another name; equal to the id if the file gives none
 * @param probabilities {@code [width, 4]}, columns A, C, G, T, that sum to 1
 * @param sites sequences that the probabilities were counted on
 */
public record Motif(String id, String name, double[][] probabilities, double sites)
    implements Serializable {
  public int width() {
    return probabilities.length;
  }

  /** The likeliest letters. */
  public String consensus() {
    StringBuilder letters = new StringBuilder();
    for (double[] column : probabilities) {
      int best = 0;
      for (int letter = 1; letter < column.length; letter++) {
        best = column[letter] > column[best] ? letter : best;
      }
      letters.append("ACGT".charAt(best));
    }
    return letters.toString();
  }
}
