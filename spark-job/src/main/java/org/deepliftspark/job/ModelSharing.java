package org.deepliftspark.job;

import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/** How a model reaches the executors of a lazy computation. */
public enum ModelSharing {
  /** By broadcast where the session has a Spark context, otherwise by path. */
  AUTO,
  /** By broadcast. */
  BROADCAST,
  /** Every executor reads the model's file, once. */
  PATH;

  /** The context to broadcast by, or null to go by path. */
  SparkContext context(SparkSession spark) {
    if (this == PATH) {
      return null;
    }
    try {
      return spark.sparkContext();
    } catch (RuntimeException e) { // sessions that share a cluster with others may not have it
      if (this == BROADCAST) {
        throw e;
      }
      return null;
    }
  }
}
