/**
 * The all jar on Hadoop's own YARN and HDFS: a machine's worth of both, and Spark's own
 * spark-submit.
 */
package org.deepliftspark.yarn;
