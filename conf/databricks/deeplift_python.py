# Databricks notebook source
# MAGIC %md
# MAGIC # Contribution scores from Python
# MAGIC Libraries of the cluster: `spark-job-0.1.0-all.jar`, and the wheel of `spark-job/src/main/python` for
# MAGIC `DeepLiftTransformer`. Environment variable of the cluster: `OMP_NUM_THREADS=1`. Dedicated access mode.

# COMMAND ----------

files = "/Volumes/main/deeplift/files"

# COMMAND ----------

# MAGIC %md ## A table of sequences to a table of scores

# COMMAND ----------

from deeplift_spark import DeepLiftTransformer

deeplift = DeepLiftTransformer(
    model=f"{files}/model.keras", target=["0"], references="dinuc-shuffle:20", sequenceCol="sequence", idCol="id"
)
peaks = spark.read.parquet(f"{files}/peaks")
scores = deeplift.transform(peaks)
display(scores.select("id", "deeplift.prediction", "deeplift.convergence_delta", "deeplift.contributions"))

# COMMAND ----------

# MAGIC %md ## Rows that could not be scored, by reason

# COMMAND ----------

display(scores.where("deeplift.problem is not null").groupBy("deeplift.problem").count())

# COMMAND ----------

# MAGIC %md ## The whole job: files in, Parquet out, only what is new

# COMMAND ----------

from deeplift_spark import main

main(spark, "--model", f"{files}/model.keras", "--input", f"{files}/peaks", "--target", "0",
     "--output", f"{files}/scores", "--mode", "resume")
display(spark.read.parquet(f"{files}/scores"))
