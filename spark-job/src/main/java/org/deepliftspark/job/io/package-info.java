/**
 * Where rows come from and where they go: model files, FASTA and tables as datasets of one shape,
 * the output folder with its lock. Everything here runs on the driver, but for the functions that
 * are handed to Spark.
 */
package org.deepliftspark.job.io;
