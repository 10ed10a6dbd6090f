package org.deepliftspark.job.report;

/**
 * What a report shows.
 *
 * @param top rows that are drawn
 * @param imageColumn kept column with the images that were scored; null for none
 * @param motifs folder of the motif tables; null for the one under the scores
 * @param rejected folder of the rejected rows; null for the one under the scores
 */
public record ReportOptions(int top, String imageColumn, String motifs, String rejected) {}
