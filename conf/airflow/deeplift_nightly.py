"""An Airflow DAG: scores what is new in a data lake, every night.

``--mode resume`` makes a run repeatable: it scores only rows that the output does not hold yet, so retries and days that
are run twice change nothing. A task that failed shows the line that says why in YARN's diagnostics of the application;
spark-submit itself ends with 1 whatever it was.
"""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

LAKE = "s3a://lake"

with DAG(
    dag_id="deeplift_nightly",
    schedule="0 2 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,  # a second job on the same output would be refused
    default_args={"retries": 2, "retry_delay": timedelta(minutes=10)},
) as dag:
    SparkSubmitOperator(
        task_id="score",
        conn_id="spark_default",
        application="/opt/deeplift/spark-job-0.1.0-all.jar",
        java_class="org.deepliftspark.job.DeepLiftJob",
        name="deeplift-{{ ds }}",
        properties_file="/opt/deeplift/conf/spark-defaults-yarn.conf",
        application_args=[
            "--model", f"{LAKE}/models/model.keras",
            "--input", f"{LAKE}/peaks",
            "--target", "0",
            "--output", f"{LAKE}/scores",
            "--mode", "resume",
        ],
    )
