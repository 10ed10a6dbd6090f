package org.deepliftspark.job.report;

import java.util.List;
import java.util.Map;
import org.deepliftspark.job.scores.ScoreRow;

/**
 * All that a report shows, taken from the tables.
 *
 * @param folder of the scores
 * @param target which is shown
 * @param facts of the run, by name
 * @param rejected rows by reason, most first
 * @param rows of the target
 * @param deltas base-10 logarithms of |convergence delta|; null if the table has none
 * @param zeroDeltas rows whose delta is 0
 * @param masses predictions against masses
 * @param profile mean contribution per position; empty unless all rows are sequences of one length
 * @param magnitude mean |contribution| per position
 * @param top the rows with the largest predictions
 * @param inputs of image rows among {@code top}, {@code [height, width]} of 0 to 1; null where
 *     there is none
 * @param motifs most frequent first; empty if there are none
 * @param motifNote what stands in place of the motif table or under it
 */
record ReportData(
    String folder,
    String target,
    Map<String, String> facts,
    Map<String, Long> rejected,
    long rows,
    Histogram deltas,
    long zeroDeltas,
    Masses masses,
    double[] profile,
    double[] magnitude,
    List<ScoreRow> top,
    List<float[]> inputs,
    List<MotifRow> motifs,
    String motifNote) {

  /**
   * How many rows have which prediction and which mass, on a grid.
   *
   * @param counts {@code [size, size]}, first by prediction
   */
  record Masses(double lowX, double highX, double lowY, double highY, int size, long[] counts) {}

  /**
   * A motif that seqlets match.
   *
   * @param contributions {@code [width, 4]}, means
   * @param probabilities of the known motif, {@code [width, 4]}
   * @param positions seqlets per bin along the rows
   */
  record MotifRow(
      String id,
      String name,
      long seqlets,
      long positive,
      long rows,
      double meanAttribution,
      float[] contributions,
      float[] probabilities,
      Histogram positions) {}
}
