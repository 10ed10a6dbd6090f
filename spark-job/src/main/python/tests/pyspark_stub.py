"""A stand-in for the few classes of PySpark that the package uses, for machines without PySpark.

It keeps to what PySpark 3.5 and 4 do with a Java stage: Params are created from the Java object, values are handed over
by name, and the class of a saved stage is found by its full name. It is registered as the modules ``pyspark.ml.*``.
"""

import sys
import types
import uuid


class Param:
    def __init__(self, parent, name, doc):
        self.parent, self.name, self.doc = parent.uid, name, doc


class JavaParam:
    def __init__(self, name, doc, kind="Param"):
        self._name, self._doc, self._kind = name, doc, kind

    def getClass(self):
        return self

    def getSimpleName(self):
        return self._kind

    def name(self):
        return self._name

    def doc(self):
        return self._doc


class JavaStage:
    """What py4j would hand out: a Java object with Params and defaults."""

    known = {"model": None, "target": [], "seed": 1, "hypothetical": False, "outputCol": "deeplift"}
    made = []

    def __init__(self, name, uid):
        self.name, self.uid, self.values = name, uid, {}
        JavaStage.made.append(self)

    def getParam(self, name):
        return JavaParam(name, "doc of " + name, "StringArrayParam" if name == "target" else "Param")

    def params(self):
        return [self.getParam(name) for name in self.known]


class JavaTransformer:
    def __init__(self):
        self.uid = type(self).__name__ + "_" + uuid.uuid4().hex[:12]
        self._java_obj = None
        self._values = {}
        self._defaults = {}

    @property
    def params(self):
        return [value for value in vars(self).values() if isinstance(value, Param)]

    @staticmethod
    def _new_java_obj(name, *args):
        return JavaStage(name, *args)

    def _create_params_from_java(self):
        for param in self._java_obj.params():
            if not hasattr(self, param.name()):
                setattr(self, param.name(), Param(self, param.name(), param.doc()))

    def _transfer_params_from_java(self):
        self._defaults = {name: value for name, value in JavaStage.known.items() if value is not None}

    def _set(self, **values):
        for name, value in values.items():
            getattr(self, name)
            self._values[name] = value
        return self

    def getOrDefault(self, param):
        return self._values.get(param.name, self._defaults.get(param.name))

    def transform(self, rows):
        self._java_obj.values = dict(self._values)
        return rows


class JavaMLReadable:
    @classmethod
    def java_loader_class(cls):
        """How JavaMLReader finds the Java class of a Python class."""
        return cls.__module__.replace("pyspark", "org.apache.spark") + "." + cls.__name__


class JavaMLWritable:
    pass


def install():
    """Makes ``import pyspark.ml.wrapper`` give this module's classes."""
    for name, members in {
        "pyspark": (),
        "pyspark.ml": (),
        "pyspark.ml.util": (JavaMLReadable, JavaMLWritable),
        "pyspark.ml.wrapper": (JavaTransformer,),
    }.items():
        module = types.ModuleType(name)
        for member in members:
            setattr(module, member.__name__, member)
        sys.modules[name] = module
