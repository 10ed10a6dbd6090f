"""Writes a Keras network in every form that deeplift-spark reads, and arrays to check it with.

usage: KERAS_BACKEND=torch python scripts/examples/export_keras.py [--output keras-example] [--model MODEL.keras]

Writes model.keras, model.h5, model.json with model.weights.h5 and, where the backend can, model.onnx. With --model, an existing
Keras file, whatever backend trained it, is read instead of the small network below. Needs keras with a backend; for ONNX the
torch backend, onnx, onnxscript and onnxruntime.
"""

import argparse
import pathlib

import keras
import numpy as np


def network():
    return keras.Sequential(
        [
            keras.layers.Input((200, 4), name="sequence"),
            keras.layers.Conv1D(16, 11, padding="same", activation="relu"),
            keras.layers.BatchNormalization(),
            keras.layers.MaxPooling1D(4),
            keras.layers.Conv1D(16, 3, dilation_rate=2, activation="relu"),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(2, activation="sigmoid"),
        ]
    )


def write_keras_forms(model, folder):
    model.save(folder / "model.keras")
    model.save(folder / "model.h5")
    (folder / "model.json").write_text(model.to_json())
    model.save_weights(folder / "model.weights.h5")


def write_onnx(model, folder, inputs, expected):
    import onnxruntime

    model.export(folder / "model.onnx", format="onnx")
    session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
    found = session.run(None, {session.get_inputs()[0].name: inputs})[0]
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
    print(f"{folder}/model.onnx: predictions differ by at most {np.abs(found - expected).max():.1e}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("keras-example"))
    parser.add_argument("--model", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(1)
    model = keras.models.load_model(arguments.model, compile=False) if arguments.model else network()

    length, channels = model.inputs[0].shape[1:]
    inputs = np.eye(channels, dtype=np.float32)[np.random.default_rng(1).integers(0, channels, (8, length))]
    expected = np.asarray(model.predict(inputs, verbose=0))
    np.save(arguments.output / "inputs.npy", inputs)
    np.save(arguments.output / "references.npy", np.zeros((1, 1, length, channels), dtype=np.float32))
    np.save(arguments.output / "predictions.npy", expected)
    write_keras_forms(model, arguments.output)
    if keras.backend.backend() == "torch":
        write_onnx(model, arguments.output, inputs, expected)


if __name__ == "__main__":
    main()
