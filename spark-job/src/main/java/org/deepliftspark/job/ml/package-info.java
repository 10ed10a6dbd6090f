/**
 * Contribution scores as a stage of Spark ML pipelines. Params are the options of {@code score}
 * under their Java names; the numbers are those of the job.
 */
package org.deepliftspark.job.ml;
