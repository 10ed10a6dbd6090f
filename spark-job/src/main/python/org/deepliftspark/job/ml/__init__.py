"""The Python side of ``org.deepliftspark.job.ml``.

PySpark finds the Python class of a Java stage, when it loads a pipeline, and the Java class of a Python stage by their
equal full names; that is why this module is called as the Java package is. Import it by ``deeplift_spark``.
"""

from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaTransformer

__all__ = ["DeepLiftTransformer"]


class DeepLiftTransformer(JavaTransformer, JavaMLReadable, JavaMLWritable):
    """Adds a column of contribution scores to a data frame with a column of DNA sequences.

    Params are those of the Java class and are given by name, here or to ``setParams``; ``explainParams()`` lists them
    with their defaults. A row that cannot be scored keeps its other columns and has its reason in
    ``deeplift.problem``.

    >>> DeepLiftTransformer(model="model.keras", target="0").transform(rows)  # doctest: +SKIP
    """

    _java_class = "org.deepliftspark.job.ml.DeepLiftTransformer"

    def __init__(self, **params):
        super().__init__()
        self._java_obj = self._new_java_obj(self._java_class, self.uid)
        # The jar is the only place that knows which Params there are and their defaults.
        self._create_params_from_java()
        self._transfer_params_from_java()
        self.setParams(**params)

    def setParams(self, **params):
        """Sets Params by name; ``None`` leaves one as it is.

        Raises TypeError for a name that is not a Param.
        """
        known = sorted(param.name for param in self.params)
        for name in params:
            if name not in known:
                raise TypeError("Unknown param '{}': expected one of {}".format(name, ", ".join(known)))
        return self._set(**{name: self._value(name, value) for name, value in params.items() if value is not None})

    def _value(self, name, value):
        """A Param of several texts takes one text too."""
        several = self._java_obj.getParam(name).getClass().getSimpleName() == "StringArrayParam"
        return [value] if several and isinstance(value, str) else value
