package org.deepliftspark.job.evaluate;

/**
 * A row and what a method says about it.
 *
 * @param x its numbers
 * @param baseline what its positions are replaced by
 * @param seed of random sets
 * @param target that is measured, among those of the network
 * @param prediction of the target at the row
 * @param perPosition contributions of the method, one per position
 * @param delta largest |convergence delta|; NaN if it is not known
 * @param starts of known sites
 * @param ends of known sites, exclusive
 */
record RowCase(
    float[] x,
    float[] baseline,
    long seed,
    int target,
    double prediction,
    double[] perPosition,
    double delta,
    int[] starts,
    int[] ends) {}
