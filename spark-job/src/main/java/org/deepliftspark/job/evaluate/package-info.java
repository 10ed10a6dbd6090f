/**
 * The {@code evaluate} command: measures of {@code engine.metric} for several methods over the same
 * rows, as a Spark job, with a chart per measure.
 */
package org.deepliftspark.job.evaluate;
