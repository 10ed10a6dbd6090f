import importlib
import unittest

from . import pyspark_stub

pyspark_stub.install()

from deeplift_spark import DeepLiftTransformer, main  # noqa: E402


class TransformerTest(unittest.TestCase):
    def test_params_are_those_of_the_java_object(self):
        names = [param.name for param in DeepLiftTransformer().params]
        self.assertEqual(sorted(pyspark_stub.JavaStage.known), sorted(names))

    def test_the_java_object_has_the_uid_of_the_python_stage(self):
        stage = DeepLiftTransformer()
        self.assertEqual(stage.uid, stage._java_obj.uid)

    def test_given_values_reach_the_java_object_and_others_keep_their_default(self):
        stage = DeepLiftTransformer(model="model.keras", target=["0", "1"], seed=None)
        stage.transform([])
        self.assertEqual({"model": "model.keras", "target": ["0", "1"]}, stage._java_obj.values)
        self.assertEqual(1, stage.getOrDefault(stage.seed))

    def test_one_text_is_enough_for_a_param_of_several(self):
        stage = DeepLiftTransformer(model="model.keras", target="0")
        stage.transform([])
        self.assertEqual({"model": "model.keras", "target": ["0"]}, stage._java_obj.values)

    def test_an_unknown_param_is_refused_by_name(self):
        with self.assertRaisesRegex(TypeError, "Unknown param 'sequence': expected one of hypothetical, model"):
            DeepLiftTransformer(sequence="dna")

    def test_setting_params_later_returns_the_stage(self):
        stage = DeepLiftTransformer()
        self.assertIs(stage, stage.setParams(model="other.h5"))
        self.assertEqual("other.h5", stage.getOrDefault(stage.model))

    def test_a_saved_pipeline_finds_the_python_class_by_the_name_of_the_java_class(self):
        java_name = pyspark_stub.JavaStage.made[-1].name if pyspark_stub.JavaStage.made else None
        java_name = java_name or DeepLiftTransformer()._java_obj.name
        module, name = java_name.rsplit(".", 1)
        self.assertIs(DeepLiftTransformer, getattr(importlib.import_module(module), name))
        self.assertEqual(java_name, DeepLiftTransformer.java_loader_class())


class MainTest(unittest.TestCase):
    def test_arguments_become_an_array_of_java_strings(self):
        calls = []

        class Gateway:
            def new_array(self, kind, length):
                calls.append((kind, length))
                return [None] * length

        class Names:
            def __init__(self, path=""):
                self.path = path

            def __getattr__(self, name):
                return Names((self.path + "." + name).lstrip("."))

            def __call__(self, argument):
                calls.append((self.path, argument))

        class Context:
            _gateway = Gateway()
            _jvm = Names()

        class Session:
            sparkContext = Context()

        main(Session(), "--seed", 3)
        self.assertEqual(2, calls[0][1])
        self.assertEqual("java.lang.String", calls[0][0].path)
        self.assertEqual(("org.deepliftspark.job.DeepLiftJob.main", ["--seed", "3"]), calls[1])


if __name__ == "__main__":
    unittest.main()
