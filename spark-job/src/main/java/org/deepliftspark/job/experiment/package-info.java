/**
 * The experiments of the papers behind DeepLIFT, one class each: what {@code scripts/experiments}
 * runs. They need no Spark and fetch nothing.
 */
package org.deepliftspark.job.experiment;
