package org.deepliftspark.job.motif;

import java.io.Serializable;

/**
 * What counts as a seqlet.
 *
 * @param pValue the largest p-value of the seqlet and of every part of it that is at least {@code
 *     shortest} long
 * @param shortest least number of positions
 * @param longest most
 * @param flank positions added at each end afterwards
 */
public record SeqletOptions(double pValue, int shortest, int longest, int flank)
    implements Serializable {}
