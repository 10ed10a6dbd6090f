"""DeepLIFT contribution scores on Apache Spark, from Python."""

from org.deepliftspark.job.ml import DeepLiftTransformer

__all__ = ["DeepLiftTransformer", "main"]
__version__ = "0.1.0"


def main(spark, *arguments):
    """Runs the scoring job in the session that is there, with the arguments of ``scripts/deeplift score``.

    >>> main(spark, "--model", "model.keras", "--input", "peaks.fa", "--target", "0", "--output", "scores")
    ... # doctest: +SKIP

    What is wrong with the input or the options is raised as one exception whose message is one line.
    """
    context = spark.sparkContext
    strings = context._gateway.new_array(context._jvm.java.lang.String, len(arguments))
    for i, argument in enumerate(arguments):
        strings[i] = str(argument)
    context._jvm.org.deepliftspark.job.DeepLiftJob.main(strings)
