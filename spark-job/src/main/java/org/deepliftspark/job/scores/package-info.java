/**
 * Reads score tables back, whatever options they were written with: {@link
 * org.deepliftspark.job.scores.ScoreReader} gives rows of one target, {@link
 * org.deepliftspark.job.scores.ScoreRow} one of them, decoded.
 */
package org.deepliftspark.job.scores;
