/**
 * What runs in Spark's tasks: preparing rows, finding duplicates, and scoring batches with one
 * engine per JVM. Functions are named, static and small; they hold plain data only, and native
 * memory never leaves the JVM that made it.
 */
package org.deepliftspark.job.partition;
