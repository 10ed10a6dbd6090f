package org.deepliftspark.job.partition;

import org.apache.spark.sql.Row;
import org.deepliftspark.job.io.VariantColumns;

/**
 * Scores of the window with the alternate allele less those with the reference allele, at the
 * places of the reference window.
 *
 * <p>Alleles are aligned at their first bases. Bases that the alternate allele has more count at
 * the last base of the reference allele; where it has fewer, the missing ones count 0; behind the
 * alleles each base is compared with itself. Bases that an insertion pushed out of the window count
 * 0 in it; those that a deletion drew in have no place.
 *
 * @param offset of the alleles in the window
 * @param ref bases of the reference allele
 * @param alt bases of the alternate allele
 */
record AlleleDifference(int offset, int ref, int alt) {

  static AlleleDifference of(Row prepared) {
    int kept = PreparedSchema.FIXED;
    long position = prepared.getLong(kept + VariantColumns.POSITION_AT);
    long start = prepared.getLong(PreparedSchema.START_AT);
    return new AlleleDifference(
        (int) (position - 1 - start),
        prepared.getString(kept + VariantColumns.REF_AT).length(),
        prepared.getString(kept + VariantColumns.ALT_AT).length());
  }

  /**
   * @param channels numbers per position
   */
  float[] of(float[] reference, float[] alternate, int channels) {
    double[] difference = new double[reference.length];
    for (int i = 0; i < reference.length; i++) {
      difference[i] = -reference[i];
    }
    for (int at = 0; at < alternate.length / channels; at++) {
      int place = place(at);
      for (int c = 0; c < channels && place < reference.length / channels; c++) {
        difference[place * channels + c] += alternate[at * channels + c];
      }
    }
    float[] rounded = new float[difference.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) difference[i];
    }
    return rounded;
  }

  /** Where a base of the alternate window lies on the reference window. */
  private int place(int at) {
    if (at >= offset + alt) {
      return at - alt + ref;
    }
    return Math.min(at, offset + ref - 1);
  }
}
