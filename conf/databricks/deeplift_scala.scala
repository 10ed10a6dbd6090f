// Databricks notebook source
// MAGIC %md
// MAGIC # Contribution scores from Scala
// MAGIC Library of the cluster: `spark-job-0.1.0-all.jar`. Environment variable of the cluster: `OMP_NUM_THREADS=1`.
// MAGIC Dedicated access mode.

// COMMAND ----------

import org.deepliftspark.job.ml.DeepLiftTransformer

val files = "/Volumes/main/deeplift/files"
val deeplift = new DeepLiftTransformer()
  .setModel(s"$files/model.keras")
  .setTarget(Array("0"))
  .setReferences(Array("dinuc-shuffle:20"))
  .setSequenceCol("sequence")
  .setIdCol("id")
val scores = deeplift.transform(spark.read.parquet(s"$files/peaks"))
display(scores.select("id", "deeplift.prediction", "deeplift.convergence_delta", "deeplift.contributions"))

// COMMAND ----------

// MAGIC %md ## The whole job: files in, Parquet out, only what is new

// COMMAND ----------

org.deepliftspark.job.DeepLiftJob.main(Array(
  "--model", s"$files/model.keras", "--input", s"$files/peaks", "--target", "0",
  "--output", s"$files/scores", "--mode", "resume"))
display(spark.read.parquet(s"$files/scores"))
