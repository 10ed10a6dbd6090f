package org.deepliftspark.job.export;

/** What {@code export} writes. */
public enum ExportFormat {
  /** {@code ohe.npz} and {@code hyp.npz} for {@code modisco motifs -s -a}. */
  MODISCO,
  /**
   * {@code scores.h5} with {@code input_seqs} and {@code hyp_scores}, {@code [rows, length, 4]}.
   */
  BPNET_H5,
  /** {@code scores.h5} with {@code raw/seq}, {@code shap/seq} and {@code projected_shap/seq}. */
  CHROMBPNET_H5,
  /** {@code regions.npz} for {@code finemo call-hits}. */
  FINEMO,
  /** Contributions of the observed bases along the genome, indexed and with zoom levels. */
  BIGWIG,
  /** The same as text. */
  BEDGRAPH,
  /** The seqlets of {@code seqlets}, or the matches of {@code motifs}, as BED. */
  SEQLETS;

  /** Whether it is arrays of one length, one entry per row. */
  public boolean isArrays() {
    return this == MODISCO || this == BPNET_H5 || this == CHROMBPNET_H5 || this == FINEMO;
  }
}
