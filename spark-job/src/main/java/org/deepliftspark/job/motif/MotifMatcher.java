package org.deepliftspark.job.motif;

import java.io.Serializable;
import java.util.List;
import org.deepliftspark.engine.encode.DnaAlphabet;

/**
 * Finds the motif that a seqlet is likest to: the one whose best place over the seqlet, on either
 * strand, is least likely by chance. Immutable; safe for use by many threads.
 */
final class MotifMatcher implements Serializable {
  private static final long serialVersionUID = 1L;

  /** One part in so many of the shorter of motif and seqlet may hang over. */
  private static final int OVERHANG = 4;

  private final List<ScoringMatrix> matrices;

  /**
   * The best match of a seqlet.
   *
   * @param motif number of the motif
   * @param start place in the context, from 0
   * @param reverse whether it lies on the other strand
   * @param bits score
   * @param pValue corrected for the places and strands that were tried
   */
  record Match(int motif, int start, boolean reverse, double bits, double pValue) {}

  MotifMatcher(List<ScoringMatrix> matrices) {
    this.matrices = List.copyOf(matrices);
  }

  /**
   * The best match, or null if no motif fits into the context.
   *
   * @param context letters of the seqlet and around it
   * @param from start of the seqlet in the context
   * @param to its end
   */
  Match best(String context, int from, int to) {
    byte[] letters = new byte[context.length()];
    for (int i = 0; i < letters.length; i++) {
      letters[i] = (byte) DnaAlphabet.index(context.charAt(i));
    }
    Match best = null;
    for (int motif = 0; motif < matrices.size(); motif++) {
      Match match = best(motif, letters, from, to);
      if (match != null && (best == null || match.pValue() < best.pValue())) {
        best = match;
      }
    }
    return best;
  }

  private Match best(int motif, byte[] letters, int from, int to) {
    ScoringMatrix matrix = matrices.get(motif);
    int width = matrix.width();
    int shorter = Math.min(width, to - from);
    int overhang = shorter / OVERHANG;
    // Places where all but the overhang of the shorter one lies within the other.
    int first = Math.max(0, Math.min(from, to - width) - overhang);
    int last = Math.min(letters.length - width, Math.max(from, to - width) + overhang);
    int best = -1;
    int start = 0;
    boolean reverse = false;
    int places = 0;
    for (int at = first; at <= last; at++) {
      int forward = matrix.score(letters, at, false);
      int backward = matrix.score(letters, at, true);
      places += forward < 0 ? 0 : 2;
      if (Math.max(forward, backward) > best) {
        best = Math.max(forward, backward);
        start = at;
        reverse = backward > forward;
      }
    }
    return best < 0
        ? null
        : new Match(
            motif, start, reverse, matrix.bits(best), corrected(matrix.pValue(best), places));
  }

  /** The chance that any of so many independent tries is as unlikely (Sidak). */
  static double corrected(double pValue, double tries) {
    return pValue >= 1 ? 1 : -Math.expm1(tries * Math.log1p(-pValue));
  }
}
