package org.deepliftspark.job.evaluate;

import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.InvalidInputException;

/** What can be measured. Names stand in options and in the column {@code metric}. */
public enum Metric {
  /** Correlation of sums over n positions with what the prediction loses; places are n. */
  SENSITIVITY_N("sensitivity-n", true, "n", "mean correlation"),
  /** Squared error of such sums over sets of any size, relative to attributing nothing. */
  INFIDELITY("infidelity", false, "", "infidelity"),
  /** Largest |convergence delta| relative to the sum of |contributions|. */
  COMPLETENESS("completeness", false, "", "relative convergence delta"),
  /** What the prediction loses without the fifth of the positions that speaks most for it. */
  FLIP("flip", false, "", "loss of prediction"),
  /** Predictions while positions are removed, the largest first; places are shares. */
  DELETION("deletion", true, "share removed", "prediction"),
  /** Predictions while positions are put into the baseline; places are shares. */
  INSERTION("insertion", true, "share inserted", "prediction"),
  /** AUROC of the bases of known sites. */
  MOTIF_AUROC("motif-auroc", false, "", "AUROC"),
  /** Share of known sites whose contributions do not sum to more than 0. */
  MISSED_MOTIFS("missed-motifs", false, "", "share of sites");

  private final String key;
  private final boolean curve;
  private final String across;
  private final String up;

  Metric(String key, boolean curve, String across, String up) {
    this.key = key;
    this.curve = curve;
    this.across = across;
    this.up = up;
  }

  /** Name in options and results. */
  public String key() {
    return key;
  }

  /** Whether it is a number per place, rather than one per row. */
  boolean isCurve() {
    return curve;
  }

  String across() {
    return across;
  }

  String up() {
    return up;
  }

  /** Whether it needs sites that are known. */
  boolean needsSites() {
    return this == MOTIF_AUROC || this == MISSED_MOTIFS;
  }

  static List<String> keys() {
    return Arrays.stream(values()).map(Metric::key).toList();
  }

  /** The measure of this name. */
  public static Metric of(String key) {
    return Arrays.stream(values())
        .filter(metric -> metric.key.equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "Invalid value '"
                        + key
                        + "' for --metrics: expected some of "
                        + String.join(", ", keys())));
  }
}
