/**
 * The Spark job: options of a run, {@link org.deepliftspark.job.ScoreJob} that carries it out, and
 * the main class for spark-submit. Everything here runs on the driver; what runs in tasks is in
 * {@code org.deepliftspark.job.partition}.
 */
package org.deepliftspark.job;
