package org.deepliftspark.engine.metric;

/**
 * Attributions of rows.
 *
 * @param contributions {@code [rows][targets][shape...]}
 * @param multipliers likewise; null of a method that has none
 * @param predictions {@code [rows][targets]}
 * @param deltas largest |convergence delta| over references, {@code [rows][targets]}
 */
public record Scores(
    float[][][] contributions,
    float[][][] multipliers,
    double[][] predictions,
    double[][] deltas) {}
