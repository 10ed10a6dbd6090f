/**
 * From scores to motifs, as Spark jobs: {@link org.deepliftspark.job.motif.SeqletJob} calls the
 * stretches of a row that carry its score, {@link org.deepliftspark.job.motif.MotifJob} matches
 * them with known motifs and counts.
 */
package org.deepliftspark.job.motif;
