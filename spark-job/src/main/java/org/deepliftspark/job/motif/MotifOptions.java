package org.deepliftspark.job.motif;

/**
 * How seqlets are matched.
 *
 * @param motifs MEME file
 * @param qValue largest q-value that counts as a match
 * @param bin positions of a bin of the histograms
 */
public record MotifOptions(String motifs, double qValue, int bin) {}
