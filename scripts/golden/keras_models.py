#!/usr/bin/env python3
"""Writes engine/src/test/resources/golden/keras: small Keras models in every file format, with inputs and Keras's own predictions.

Each case is a folder: case.json (model files, inputs, outputs), INPUT.npy and output_K.npy (float32, two rows). Models of Keras 1 and
2 cannot be run any more; their files are written here as those versions laid them out, from the weights of a Keras 3 model of the
same layers, which makes the predictions.

Run from the project root: KERAS_BACKEND=torch python3 scripts/golden/keras_models.py
Needs keras, h5py, numpy and torch (TensorFlow on CPU has no channels-first convolutions); versions.json says which made the files.
"""

import io
import json
import os
import shutil
import zipfile
import zlib
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")

import h5py
import keras
import numpy as np
from keras import layers, ops

FOLDER = Path("engine/src/test/resources/golden/keras")
ROWS = 2
random = np.random.RandomState(7)
cases = []


def randomize(model):
    """Gives every weight a value that its initializer would not; statistics of Normalization stay as adapted."""
    for weight in model.weights:
        name = weight.path.split("/")[-1]
        if name in ("mean", "variance", "count"):
            continue
        positive = name in ("gamma", "moving_variance")
        values = random.uniform(0.5, 1.5, weight.shape) if positive else 0.4 * random.standard_normal(weight.shape)
        weight.assign(values.astype("float32"))


def save_case(name, model, inputs, files):
    """files: name -> function that writes the path, or (architecture, weights) names with a function that writes both."""
    folder = FOLDER / name
    folder.mkdir(parents=True)
    outputs = model.predict(inputs, verbose=0)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    names = [model.layers[-1].name] if isinstance(model, keras.Sequential) else model.output_names
    for given, array in zip(model.inputs, inputs):
        np.save(folder / f"{given.name}.npy", array)
    for k, array in enumerate(outputs):  # by number: a layer called twice is two outputs of one name
        np.save(folder / f"output_{k}.npy", np.asarray(array, "float32"))
    models = []
    for file, write in files.items():
        both = file if isinstance(file, tuple) else (file,)
        write(*[str(folder / one) for one in both])
        models.append({"file": both[0], "weights": both[1] if len(both) > 1 else None})
    case = {"models": models, "inputs": [tensor.name for tensor in model.inputs], "outputs": list(names)}
    (folder / "case.json").write_text(json.dumps(case, indent=1) + "\n")
    cases.append(name)


def rows(*shape):
    return random.standard_normal((ROWS, *shape)).astype("float32")


def both_formats(model):
    return {"model.h5": model.save, "model.keras": model.save}


def functional(name, inputs, outputs, arrays, formats=None):
    model = keras.Model(inputs, outputs, name=name)
    randomize(model)
    save_case(name, model, arrays, (formats or both_formats)(model))
    return model


def only_keras(model):
    return {"model.keras": model.save}


def only_h5(model):
    return {"model.h5": model.save}


def conv1d():
    x = layers.Input((11, 4), name="x")
    outputs = [
        layers.Conv1D(3, 4, padding="same", name="same")(x),
        layers.Conv1D(3, 4, padding="same", strides=3, name="same_strided", activation="relu")(x),
        layers.Conv1D(3, 3, padding="valid", strides=2, name="valid_strided", use_bias=False)(x),
        layers.Conv1D(3, 3, padding="same", dilation_rate=3, name="same_dilated", activation="tanh")(x),
        layers.Conv1D(2, 3, padding="causal", dilation_rate=2, name="causal")(x),
        layers.Conv1D(6, 3, groups=2, name="grouped")(x),
        layers.DepthwiseConv1D(3, depth_multiplier=2, padding="same", name="depthwise", activation="relu")(x),
        layers.SeparableConv1D(5, 3, depth_multiplier=2, padding="same", name="separable_wide")(x),
        layers.SeparableConv1D(5, 4, strides=2, padding="same", use_bias=False, name="separable", activation="elu")(x),
    ]
    functional("conv1d", x, outputs, [rows(11, 4)])


def conv2d():
    x = layers.Input((7, 6, 4), name="x")
    outputs = [
        layers.Conv2D(3, (3, 2), padding="same", name="same", activation="relu")(x),
        layers.Conv2D(3, (2, 4), padding="same", strides=2, name="same_strided")(x),
        layers.Conv2D(2, 3, strides=(2, 1), name="valid_strided", use_bias=False)(x),
        layers.Conv2D(2, (3, 2), dilation_rate=(2, 3), name="valid_dilated")(x),
        layers.Conv2D(4, 3, groups=4, name="grouped", activation="sigmoid")(x),
        layers.DepthwiseConv2D((3, 2), depth_multiplier=3, name="depthwise")(x),
        layers.SeparableConv2D(3, (2, 3), depth_multiplier=2, padding="same", name="separable", activation="relu")(x),
    ]
    functional("conv2d", x, outputs, [rows(7, 6, 4)], only_keras)


class ChannelsLast:
    """A model whose predictions are those of a channels-first one, with channels last on both sides as the engine has them."""

    def __init__(self, model):
        self.model, self.inputs, self.output_names = model, model.inputs, model.output_names

    def predict(self, inputs, verbose):
        outputs = self.model.predict([np.moveaxis(array, -1, 1) for array in inputs], verbose=verbose)
        outputs = outputs if isinstance(outputs, list) else [outputs]
        return [np.moveaxis(array, 1, -1) if array.ndim > 2 else array for array in outputs]


def channels_first():
    x = layers.Input((4, 8, 6), name="x")
    first = {"data_format": "channels_first"}
    y = layers.Conv2D(3, (3, 2), padding="same", activation="relu", name="conv", **first)(x)
    y = layers.BatchNormalization(axis=1, name="norm")(y)
    pooled = layers.MaxPooling2D((2, 3), name="pool", **first)(y)
    flat = layers.Flatten(name="flat", **first)(pooled)
    plain = layers.Flatten(name="plain")(layers.AveragePooling2D(2, padding="same", name="average", **first)(pooled))
    outputs = [
        layers.DepthwiseConv2D(2, name="depthwise", **first)(pooled),
        layers.SeparableConv2D(2, 2, name="separable", **first)(pooled),
        layers.Dense(2, name="dense")(layers.Concatenate(name="joined")([flat, plain])),
        layers.GlobalAveragePooling2D(name="mean", **first)(y),
        layers.GlobalMaxPooling2D(keepdims=True, name="maximum", **first)(y),
        layers.ZeroPadding2D(1, name="padded", **first)(layers.Cropping2D(((1, 0), (0, 2)), name="cropped", **first)(y)),
    ]
    model = keras.Model(x, outputs)
    randomize(model)
    save_case("channels_first", ChannelsLast(model), [rows(8, 6, 4)], only_h5(model))


def channels_first_1d():
    x = layers.Input((4, 9), name="x")
    y = layers.Conv1D(3, 3, data_format="channels_first", name="conv")(x)
    y = layers.Activation("relu", name="relu")(y)
    y = layers.MaxPooling1D(2, data_format="channels_first", name="pool")(y)
    model = keras.Model(x, [y, layers.GlobalMaxPooling1D(data_format="channels_first", name="top")(y)])
    randomize(model)
    save_case("channels_first_1d", ChannelsLast(model), [rows(9, 4)], only_keras(model))


def activations():
    x = layers.Input((6,), name="x")
    names = ["relu", "sigmoid", "tanh", "softmax", "linear", "elu", "selu", "softplus", "softsign", "gelu", "silu", "swish",
             "exponential", "leaky_relu", "mish"]
    outputs = [layers.Dense(3, activation=name, name=f"dense_{name}")(x) for name in names]
    outputs += [
        layers.Dense(3, activation=layers.LeakyReLU(negative_slope=0.15), name="dense_object")(x),
        layers.Activation("gelu", name="activation_layer")(x),
        layers.Activation("linear", name="linear_layer")(x),
        layers.ReLU(name="relu_layer")(x),
        layers.ReLU(negative_slope=0.2, name="sloped_relu")(x),
        layers.LeakyReLU(negative_slope=0.25, name="leaky")(x),
        layers.LeakyReLU(name="leaky_default")(x),
        layers.ELU(alpha=0.7, name="elu_layer")(x),
        layers.Softmax(name="softmax_layer")(x),
        layers.PReLU(name="prelu_vector")(x),
    ]
    functional("activations", x, outputs, [rows(6)], only_h5)


def activations_spatial():
    x = layers.Input((5, 6, 3), name="x")
    y = layers.Conv2D(4, 2, name="conv")(x)
    outputs = [
        layers.PReLU(name="prelu")(y),
        layers.PReLU(shared_axes=[1, 2], name="prelu_shared")(y),
        layers.PReLU(shared_axes=[1], name="prelu_input")(x),
        layers.Softmax(axis=-1, name="softmax_channels")(y),
        layers.Softmax(axis=2, name="softmax_columns")(y),
        layers.Conv2D(3, 2, activation="softmax", name="softmax_inline")(x),
    ]
    functional("activations_spatial", x, outputs, [rows(5, 6, 3)], only_keras)


def pools():
    x = layers.Input((11, 3), name="x")
    image = layers.Input((7, 6, 2), name="image")
    outputs = [
        layers.MaxPooling1D(3, name="max_valid")(x),
        layers.MaxPooling1D(4, strides=2, padding="same", name="max_same")(x),
        layers.AveragePooling1D(4, strides=3, padding="same", name="average_same")(x),
        layers.AveragePooling1D(3, strides=1, name="average_valid")(x),
        layers.GlobalAveragePooling1D(name="global_average")(x),
        layers.GlobalAveragePooling1D(keepdims=True, name="global_average_kept")(x),
        layers.GlobalMaxPooling1D(name="global_max")(x),
        layers.GlobalMaxPooling1D(keepdims=True, name="global_max_kept")(layers.Conv1D(4, 2, name="conv")(x)),
        layers.MaxPooling2D((2, 3), name="max_valid_2d")(image),
        layers.MaxPooling2D(3, strides=2, padding="same", name="max_same_2d")(image),
        layers.AveragePooling2D((3, 4), strides=2, padding="same", name="average_same_2d")(image),
        layers.GlobalAveragePooling2D(name="global_average_2d")(image),
        layers.GlobalMaxPooling2D(keepdims=True, name="global_max_2d")(image),
    ]
    functional("pools", [x, image], outputs, [rows(11, 3), rows(7, 6, 2)], only_h5)


def norms():
    x = layers.Input((6, 4), name="x")
    y = layers.Conv1D(5, 2, name="conv")(x)
    data = 3 * random.standard_normal((40, 6, 4)).astype("float32") + 1
    adapted = layers.Normalization(name="adapted")
    adapted.adapt(data)
    scalar = layers.Normalization(axis=None, name="adapted_whole")
    scalar.adapt(data)
    outputs = [
        layers.BatchNormalization(name="norm")(y),
        layers.BatchNormalization(scale=False, epsilon=0.01, name="norm_unscaled")(y),
        layers.BatchNormalization(center=False, name="norm_uncentered")(y),
        layers.BatchNormalization(scale=False, center=False, name="norm_bare")(x),
        layers.BatchNormalization(axis=1, name="norm_positions")(y),
        layers.Rescaling(1 / 127.5, offset=-1, name="rescaling")(x),
        layers.Rescaling([1.0, 2.0, 3.0, 4.0], offset=[0.1, 0.2, 0.3, 0.4], name="rescaling_channels")(x),
        adapted(x),
        scalar(x),
        layers.Normalization(mean=[1.0, 2, 3, 4], variance=[0.5, 1, 2, 4], name="given")(x),
        layers.Normalization(mean=0.5, variance=2.0, invert=True, name="inverted")(x),
        layers.Normalization(axis=1, mean=[1.0, 2, 3, 4, 5], variance=[1.0, 1, 2, 4, 3], name="given_positions")(y),
    ]
    functional("norms", x, outputs, [rows(6, 4)], only_keras)


def shapes():
    x = layers.Input((6, 4), name="x")
    image = layers.Input((5, 4, 3), name="image")
    y = layers.Conv1D(5, 2, name="conv")(x)
    z = layers.Conv2D(4, 2, name="conv_2d")(image)
    vector = layers.GlobalAveragePooling1D(name="vector")(y)
    outputs = [
        layers.Flatten(name="flat")(y),
        layers.Flatten(name="flat_2d")(z),
        layers.Dense(3, name="dense_flat")(layers.Flatten(name="flat_one")(layers.MaxPooling1D(5, name="one")(y))),
        layers.Flatten(name="flat_vector")(vector),
        layers.Dense(3, activation="relu", name="dense_positions")(y),
        layers.Dense(2, name="dense_pixels")(image),
        layers.Reshape((-1, 2), name="reshaped")(z),
        layers.Conv1D(2, 2, name="conv_again")(layers.Reshape((5, 5), name="reshaped_same")(y)),
        layers.Permute((2, 1), name="permuted")(y),
        layers.Permute((3, 1, 2), name="permuted_2d")(z),
        layers.RepeatVector(3, name="repeated")(vector),
        layers.ZeroPadding1D(2, name="padded")(x),
        layers.ZeroPadding1D((1, 3), name="padded_conv")(y),
        layers.ZeroPadding2D(((0, 1), (2, 3)), name="padded_2d")(z),
        layers.ZeroPadding2D((1, 2), name="padded_input_2d")(image),
        layers.Cropping1D(1, name="cropped")(y),
        layers.Cropping1D((2, 1), name="cropped_input")(x),
        layers.Cropping2D(((1, 0), (0, 2)), name="cropped_2d")(z),
        layers.Dropout(0.5, name="dropout")(y),
        layers.SpatialDropout1D(0.5, name="spatial_dropout")(y),
        layers.SpatialDropout2D(0.5, name="spatial_dropout_2d")(z),
        layers.GaussianNoise(0.5, name="noise")(x),
        layers.GaussianDropout(0.5, name="gaussian_dropout")(x),
        layers.AlphaDropout(0.5, name="alpha_dropout")(x),
        layers.ActivityRegularization(0.1, name="regularization")(x),
        layers.Identity(name="identity")(x),
    ]
    functional("shapes", [x, image], outputs, [rows(6, 4), rows(5, 4, 3)], only_h5)


def merges():
    x = layers.Input((6, 4), name="x")
    y = layers.Conv1D(4, 3, padding="same", name="conv")(x)
    w = layers.Dense(4, name="dense")(x)
    gate = layers.Dense(4, activation="sigmoid", name="gate")(layers.GlobalAveragePooling1D(name="squeeze")(y))
    outputs = [
        layers.Add(name="added")([x, y, w]),
        layers.Subtract(name="subtracted")([y, x]),
        layers.Average(name="averaged")([x, y, w]),
        layers.Multiply(name="multiplied")([x, y]),
        layers.Multiply(name="gated")([y, gate]),
        layers.Add(name="broadcast")([layers.Reshape((6, 1), name="column")(layers.Dense(6, name="rows")(gate)), y]),
        layers.Minimum(name="lesser")([x, y, w]),
        layers.Maximum(name="greater")([w, y]),
        layers.Concatenate(name="joined")([x, y, w]),
        layers.Concatenate(axis=1, name="joined_positions")([y, x]),
        layers.Concatenate(name="joined_vectors")([gate, gate]),
    ]
    functional("merges", x, outputs, [rows(6, 4)], only_h5)


def operations():
    x = layers.Input((7, 4), name="x")
    y = layers.Conv1D(4, 3, padding="same", name="conv")(x)
    v = layers.GlobalAveragePooling1D(name="pooled")(y)
    constant = np.arange(4, dtype="float32").reshape((1, 1, 4)) / 4
    outputs = [
        layers.Activation("linear", name=f"out_{k}")(tensor)
        for k, tensor in enumerate(
            [
                x + y,
                2.0 * y - 1.0,
                1.0 - v,
                v / 4.0,
                y * constant,
                y + constant[0],
                y[:, 2:-1],
                y[:, ::2, 1:3],
                y[:, -1],
                y[..., 0],
                x[:, 1:, :],
                ops.relu(y),
                ops.concatenate([x, y], axis=1),
                ops.maximum(x, 0.1),
                ops.gelu(y),
                ops.gelu(y, approximate=False),
                ops.softmax(y, axis=-1),
                ops.exp(y) * ops.sigmoid(y),
            ]
        )
    ]
    functional("operations", x, outputs, [rows(7, 4)], only_keras)


def nested():
    def pair(name):
        conv = layers.Conv1D(4, 3, padding="same", activation="relu", name="conv")
        return keras.Sequential([layers.Input((8, 4)), conv, layers.BatchNormalization(name="norm")], name=name)

    inner, other = pair("inner"), pair("other")
    given = layers.Input((8, 4), name="given")
    middle = keras.Model(given, [layers.BatchNormalization(name="norm")(inner(given)), layers.Conv1D(4, 1, name="conv")(given)], name="middle")
    a = layers.Input((8, 4), name="a")
    b = layers.Input((8, 4), name="b")
    shared = layers.Dense(3, activation="tanh", name="shared")
    first, second = middle(a)
    third = other(b)
    pool = layers.GlobalMaxPooling1D(name="pool")
    outputs = [
        shared(pool(layers.Add(name="sum")([first, second, third]))),
        shared(pool(other(a))),
        layers.Conv1D(2, 2, name="conv")(b),
    ]
    functional("nested", [a, b], outputs, [rows(8, 4), rows(8, 4)])


def frozen():
    """Legacy files list the weights of a nested model trainable ones first."""
    inner = keras.Sequential(
        [
            layers.Input((5, 3)),
            layers.Conv1D(3, 2, name="first"),
            layers.BatchNormalization(name="norm"),
            layers.Conv1D(3, 2, name="second"),
            layers.BatchNormalization(name="norm_again"),
        ],
        name="encoder",
    )
    inner.layers[0].trainable = False
    inner.layers[1].trainable = False
    x = layers.Input((5, 3), name="x")
    functional("frozen", x, layers.Dense(2, name="dense")(layers.Flatten(name="flat")(inner(x))), [rows(5, 3)])


def sequential():
    model = keras.Sequential(
        [
            layers.Input((12, 4), name="sequence"),
            layers.Conv1D(5, 4, activation="relu", name="conv"),
            layers.MaxPooling1D(3, name="pool"),
            layers.Flatten(name="flat"),
            layers.Dense(3, name="dense_0"),
            layers.Dense(2, name="dense"),
            layers.Activation("softmax", name="probability"),
        ],
        name="net",
    )
    randomize(model)

    def json_and(architecture, weights):
        Path(architecture).write_text(model.to_json())
        if weights.endswith(".weights.h5"):
            model.save_weights(weights)
        else:
            model.save(weights)  # a whole model does as weights, too

    files = both_formats(model)
    files[("model.json", "model.weights.h5")] = json_and
    files[("model_whole.json", "model_whole.h5")] = json_and
    files["model_compressed.h5"] = lambda path: compressed(model, path)
    files["tf_keras_213.keras"] = lambda path: former_checkpoint(model, path)
    save_case("sequential", model, [rows(12, 4)], files)


def former_checkpoint(model, path):
    """Weights under the group names of tf.keras 2.13, where every second number is left out."""
    model.save(path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    weights = io.BytesIO(members["model.weights.h5"])
    with h5py.File(weights, "a") as file:
        file.move("layers", "_layer_checkpoint_dependencies")
        layer_groups = file["_layer_checkpoint_dependencies"]
        for name in sorted(layer_groups, reverse=True):
            if name.rpartition("_")[2].isdigit():
                layer_groups.move(name, f"{name.rpartition('_')[0]}_{2 * int(name.rpartition('_')[2])}")
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in {**members, "model.weights.h5": weights.getvalue()}.items():
            archive.writestr(name, data)


def compressed(model, path):
    """The same file with chunked, deflated and shuffled datasets, and in the newest HDF5 layout."""
    model.save(path)
    with h5py.File(path) as old:
        kept = {}
        old.visititems(lambda name, item: kept.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None)
        with h5py.File(path + ".tmp", "w", libver="latest") as new:
            for key, value in old.attrs.items():
                new.attrs[key] = value
            old.visititems(lambda name, item: copy_item(name, item, new, kept))
    os.replace(path + ".tmp", path)


def copy_item(name, item, new, kept):
    made = new.create_dataset(name, data=kept[name], chunks=True, compression="gzip", shuffle=True) if name in kept else new.require_group(name)
    for key, value in item.attrs.items():
        made.attrs[key] = value


def precisions():
    """Weights that all precisions can hold, stored in each of them."""
    def build(dtype):
        return keras.Sequential(
            [
                layers.Input((6, 4), name="x", dtype="float32"),
                layers.Conv1D(3, 3, activation="relu", name="conv", dtype=dtype),
                layers.Flatten(name="flat", dtype=dtype),
                layers.Dense(2, name="dense", dtype=dtype),
            ]
        )

    model = build("float32")
    for weight in model.weights:
        weight.assign(np.round(random.standard_normal(weight.shape) * 16).astype("float32") / 16)

    def stored_as(dtype):
        twin = build(dtype)
        twin.set_weights(model.get_weights())
        return twin.save

    files = {"float64.h5": stored_as("float64"), "float16.h5": stored_as("float16"), "float16.keras": stored_as("float16"),
             "mixed.keras": stored_as("mixed_float16")}
    save_case("precisions", model, [rows(6, 4)], files)
    stored_as("bfloat16")(FOLDER / "refused_bfloat16.keras")


# Files as Keras 1 and 2 wrote them -----------------------------------------------------------------------------------------------


def write_h5(path, architecture, weights, version, backend=None, whole=True):
    """weights: layer name -> list of (weight name, array); a list of None for a layer without weights."""
    with h5py.File(path, "w") as file:
        group = file.create_group("model_weights") if whole else file
        if architecture is not None:
            file.attrs["model_config"] = json.dumps(architecture).encode()
        file.attrs["keras_version"] = group.attrs["keras_version"] = version.encode()
        if backend:
            file.attrs["backend"] = group.attrs["backend"] = backend.encode()
        group.attrs["layer_names"] = np.array([name.encode() for name in weights])
        for layer, arrays in weights.items():
            own = group.create_group(layer)
            own.attrs["weight_names"] = np.array([name.encode() for name, _ in arrays]) if arrays else np.zeros(0)
            for name, array in arrays:
                own.create_dataset(name, data=array)


def arrays_of(model, names=None):
    """Weights as Keras 2 named them: conv/kernel:0, under each layer of the outermost model."""
    result = {}
    for layer in model.layers:
        weights = layer.trainable_weights + layer.non_trainable_weights
        result[layer.name] = [("/".join(weight.path.split("/")[-2:]) + ":0", weight.numpy()) for weight in weights]
    return result


def layer_2(class_name, name, inbound=None, **config):
    entry = {"class_name": class_name, "config": {"name": name, "trainable": True, **config}}
    if inbound is not None:
        entry["name"] = name
        entry["inbound_nodes"] = inbound
    return entry


def tf_keras():
    """tf.keras 2: operations between layers are TFOpLambda and SlicingOpLambda, nested models count calls from 1."""
    x = layers.Input((9, 4), name="x")
    inner = keras.Sequential([layers.Input((9, 4)), layers.Conv1D(4, 3, padding="same", name="inner_conv")], name="inner")
    y = layers.Conv1D(4, 3, padding="same", activation="relu", name="conv")(x)
    z = inner(y)
    s = (y + z) * 2.0
    t = ops.relu(1.0 - s[:, 1:-1, :])
    out = layers.Dense(2, name="dense")(layers.GlobalAveragePooling1D(name="pool")(t))
    model = keras.Model(x, [out, layers.LeakyReLU(0.3, name="leaky")(out)])
    randomize(model)
    conv = {"filters": 4, "kernel_size": {"class_name": "__tuple__", "items": [3]}, "strides": [1], "padding": "same",
            "data_format": "channels_last", "dilation_rate": [1], "groups": 1, "use_bias": True, "dtype": "float32"}
    whole = {"start": None, "stop": None, "step": None}
    nested = {"class_name": "Sequential", "name": "inner", "inbound_nodes": [[["conv", 0, 0, {}]]],
              "config": {"name": "inner", "layers": [
                  layer_2("InputLayer", "inner_input", batch_input_shape=[None, 9, 4], dtype="float32"),
                  layer_2("Conv1D", "inner_conv", activation="linear", **conv)]}}
    architecture = {"class_name": "Functional", "config": {"name": "model", "trainable": True, "layers": [
        layer_2("InputLayer", "x", [], batch_input_shape=[None, 9, 4], dtype="float32", sparse=False, ragged=False),
        layer_2("Conv1D", "conv", [[["x", 0, 0, {}]]], activation="relu", **conv),
        nested,
        layer_2("TFOpLambda", "tf.__operators__.add", [["conv", 0, 0, {"y": ["inner", 1, 0], "name": None}]], function="__operators__.add"),
        layer_2("TFOpLambda", "tf.math.multiply", [["tf.__operators__.add", 0, 0, {"y": 2.0, "name": None}]], function="math.multiply"),
        layer_2("SlicingOpLambda", "tf.__operators__.getitem",
                [["tf.math.multiply", 0, 0, {"slice_spec": {"class_name": "__tuple__", "items": [whole, {"start": 1, "stop": -1, "step": None}, whole]}}]],
                function="__operators__.getitem"),
        layer_2("TFOpLambda", "tf.math.subtract", [["_CONSTANT_VALUE", -1, 1.0, {"y": ["tf.__operators__.getitem", 0, 0], "name": None}]],
                function="math.subtract"),
        layer_2("TFOpLambda", "tf.nn.relu", [["tf.math.subtract", 0, 0, {"name": None}]], function="nn.relu"),
        layer_2("GlobalAveragePooling1D", "pool", [[["tf.nn.relu", 0, 0, {}]]], data_format="channels_last", keepdims=False),
        layer_2("Dense", "dense", [[["pool", 0, 0, {}]]], units=2, activation="linear", use_bias=True),
        layer_2("LeakyReLU", "leaky", [[["dense", 0, 0, {}]]], alpha=0.3),
    ], "input_layers": [["x", 0, 0]], "output_layers": [["dense", 0, 0], ["leaky", 0, 0]]}, "keras_version": "2.9.0", "backend": "tensorflow"}
    weights = arrays_of(model)
    weights["inner"] = [("inner_conv/kernel:0", model.get_layer("inner").layers[0].kernel.numpy()),
                        ("inner_conv/bias:0", model.get_layer("inner").layers[0].bias.numpy())]
    save_case("tf_keras", model, [rows(9, 4)], {"model.h5": lambda path: write_h5(path, architecture, weights, "2.9.0", "tensorflow")})


def keras_2():
    """Keras 2.2 Sequential without an input layer, trained with Theano: kernels are stored back to front."""
    model = keras.Sequential(
        [
            layers.Input((6, 5, 3), name="conv_input"),
            layers.Conv2D(4, (3, 2), activation="relu", name="conv"),
            layers.DepthwiseConv2D(2, name="depthwise"),
            layers.Flatten(name="flat"),
            layers.Dense(3, activation="sigmoid", name="dense"),
        ]
    )
    randomize(model)
    window = {"data_format": "channels_last", "dilation_rate": [1, 1], "padding": "valid", "strides": [1, 1]}
    architecture = {"class_name": "Sequential", "config": {"name": "sequential_1", "layers": [
        layer_2("Conv2D", "conv", batch_input_shape=[None, 6, 5, 3], filters=4, kernel_size=[3, 2], activation="relu", use_bias=True, **window),
        layer_2("DepthwiseConv2D", "depthwise", kernel_size=[2, 2], depth_multiplier=1, activation="linear", use_bias=True, **window),
        layer_2("Flatten", "flat", data_format="channels_last"),
        layer_2("Dense", "dense", units=3, activation="sigmoid", use_bias=True)]}}
    weights = arrays_of(model)
    mirrored = {
        layer: [(name, array[::-1, ::-1] if array.ndim == 4 else array) for name, array in arrays] for layer, arrays in weights.items()
    }

    def split(architecture_path, weights_path):
        Path(architecture_path).write_text(json.dumps(architecture))
        write_h5(weights_path, None, weights, "2.2.4", "tensorflow", whole=False)

    save_case("keras_2", model, [rows(6, 5, 3)], {
        "tensorflow.h5": lambda path: write_h5(path, architecture, weights, "2.2.4", "tensorflow"),
        "theano.h5": lambda path: write_h5(path, architecture, mirrored, "2.2.4", "theano"),
        ("model.json", "weights.h5"): split,
    })


def keras_1():
    """Keras 1.2: other names for layers and settings, kernels of 1-D convolutions with four axes."""
    x = layers.Input((10, 4), name="x")
    a = layers.Conv1D(4, 3, strides=2, activation="relu", name="convolution1d_1")(x)
    b = layers.Conv1D(4, 3, strides=2, name="convolution1d_2")(x)
    c = layers.BatchNormalization(name="batchnormalization_1")(layers.Add(name="merge_1")([a, b]))
    d = layers.Concatenate(name="merge_2")([a, c])
    e = layers.Average(name="merge_4")([layers.Multiply(name="merge_3")([a, c]), b])
    f = layers.Flatten(name="flatten_1")(layers.MaxPooling1D(2, name="maxpooling1d_1")(d))
    g = layers.Dense(3, activation="sigmoid", name="dense_1")(layers.Dropout(0.2, name="dropout_1")(f))
    h = layers.PReLU(name="prelu_1")(layers.GlobalAveragePooling1D(name="globalaveragepooling1d_1")(e))
    model = keras.Model(x, [g, h])
    randomize(model)
    conv = {"nb_filter": 4, "filter_length": 3, "border_mode": "valid", "subsample_length": 2, "bias": True, "input_dim": 4}

    def merge(name, first, second, mode):
        return layer_2("Merge", name, [[[first, 0, 0], [second, 0, 0]]], mode=mode, concat_axis=-1, dot_axes=-1, mode_type="raw")

    def after(name):
        return [[[name, 0, 0]]]

    architecture = {"class_name": "Model", "config": {"name": "model_1", "layers": [
        layer_2("InputLayer", "x", [], batch_input_shape=[None, 10, 4], input_dtype="float32", sparse=False),
        layer_2("Convolution1D", "convolution1d_1", after("x"), activation="relu", **conv),
        layer_2("Convolution1D", "convolution1d_2", after("x"), activation="linear", **conv),
        merge("merge_1", "convolution1d_1", "convolution1d_2", "sum"),
        layer_2("BatchNormalization", "batchnormalization_1", after("merge_1"), mode=0, axis=-1, epsilon=0.001, momentum=0.99),
        merge("merge_2", "convolution1d_1", "batchnormalization_1", "concat"),
        merge("merge_3", "convolution1d_1", "batchnormalization_1", "mul"),
        merge("merge_4", "merge_3", "convolution1d_2", "ave"),
        layer_2("MaxPooling1D", "maxpooling1d_1", after("merge_2"), pool_length=2, stride=2, border_mode="valid"),
        layer_2("Flatten", "flatten_1", after("maxpooling1d_1")),
        layer_2("Dropout", "dropout_1", after("flatten_1"), p=0.2),
        layer_2("Dense", "dense_1", after("dropout_1"), output_dim=3, activation="sigmoid", bias=True, input_dim=None),
        layer_2("GlobalAveragePooling1D", "globalaveragepooling1d_1", after("merge_4")),
        layer_2("PReLU", "prelu_1", after("globalaveragepooling1d_1"), init="zero"),
    ], "input_layers": [["x", 0, 0]], "output_layers": [["dense_1", 0, 0], ["prelu_1", 0, 0]]}}
    suffixes = {"kernel": "W", "bias": "b", "gamma": "gamma", "beta": "beta", "moving_mean": "running_mean",
                "moving_variance": "running_std", "alpha": "alphas"}
    weights = {}
    for layer, arrays in arrays_of(model).items():
        renamed = [(f"{layer}_{suffixes[name.split('/')[-1].split(':')[0]]}", array) for name, array in arrays]
        weights[layer] = [(name, array[:, None] if array.ndim == 3 else array) for name, array in renamed]
    oldest = {layer: [(name, array.transpose(3, 2, 0, 1) if array.ndim == 4 else array) for name, array in arrays]
              for layer, arrays in weights.items()}
    save_case("keras_1", model, [rows(10, 4)], {
        "model.h5": lambda path: write_h5(path, architecture, weights, "1.2.2"),
        "oldest.h5": lambda path: write_h5(path, architecture, oldest, "1.0.8"),
    })


def keras_1_theano():
    """Keras 1.2 with Theano's axes: dim_ordering 'th', kernels [out, in, rows, columns] back to front."""
    x = layers.Input((3, 6, 5), name="convolution2d_1_input")
    first = {"data_format": "channels_first"}
    y = layers.Conv2D(4, (3, 2), activation="relu", padding="same", name="convolution2d_1", **first)(x)
    y = layers.MaxPooling2D(2, name="maxpooling2d_1", **first)(y)
    y = layers.Dense(2, activation="softmax", name="dense_1")(layers.Reshape((-1,), name="flatten_1")(y))
    model = keras.Model(x, [y])
    randomize(model)
    architecture = {"class_name": "Sequential", "config": [
        layer_2("Convolution2D", "convolution2d_1", batch_input_shape=[None, 3, 6, 5], nb_filter=4, nb_row=3, nb_col=2, border_mode="same",
                subsample=[1, 1], dim_ordering="th", activation="relu", bias=True),
        layer_2("MaxPooling2D", "maxpooling2d_1", pool_size=[2, 2], strides=[2, 2], border_mode="valid", dim_ordering="th"),
        layer_2("Flatten", "flatten_1"),
        layer_2("Dense", "dense_1", output_dim=2, activation="softmax", bias=True)]}
    weights = {layer: [(name.split("/")[-1], array.transpose(3, 2, 0, 1)[:, :, ::-1, ::-1] if array.ndim == 4 else array)
                       for name, array in arrays] for layer, arrays in arrays_of(model).items()}
    save_case("keras_1_theano", ChannelsLast(model), [rows(6, 5, 3)],
              {"model.h5": lambda path: write_h5(path, architecture, weights, "1.2.2", "theano")})


def activations_hard():
    x = layers.Input((6,), name="x")
    names = ["relu6", "celu", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh", "log_sigmoid", "soft_shrink"]
    y = layers.Dense(5, name="dense")(x)
    positive = ops.abs(y) + 0.1
    outputs = [layers.Activation(name, name=f"layer_{name}")(y) for name in names]
    outputs += [
        layers.ReLU(max_value=0.75, name="clipped_relu")(y),
        layers.ReLU(threshold=0.25, name="thresholded_relu")(y),
        ops.celu(y, alpha=0.6),
        ops.soft_shrink(y, threshold=0.2),
        ops.relu6(y),
        ops.hard_sigmoid(y),
        ops.square(y),
        ops.log(positive),
        ops.sqrt(positive),
        ops.reciprocal(positive),
        ops.leaky_relu(y, negative_slope=0.3),
    ]
    functional("activations_hard", x, outputs, [rows(6)], only_keras)


def hard_sigmoid_keras_2():
    """Before Keras 3 the hard sigmoid had slope 0.2."""
    x = layers.Input((5,), name="dense_input")
    y = layers.Dense(4, name="dense")(x)
    model = keras.Model(x, layers.Lambda(lambda z: ops.clip(0.2 * z + 0.5, 0, 1), name="gate")(y))
    randomize(model)
    architecture = {"class_name": "Sequential", "config": {"name": "model", "layers": [
        layer_2("Dense", "dense", batch_input_shape=[None, 5], units=4, use_bias=True, activation="linear"),
        layer_2("Activation", "gate", activation="hard_sigmoid")]}}
    save_case("hard_sigmoid_keras_2", model, [rows(5)],
              {"model.h5": lambda path: write_h5(path, architecture, arrays_of(model), "2.3.1", "tensorflow")})


def transposed():
    x = layers.Input((5, 4), name="x")
    image = layers.Input((4, 5, 3), name="image")
    outputs = [
        layers.Conv1DTranspose(3, 4, name="valid")(x),
        layers.Conv1DTranspose(3, 2, strides=3, name="valid_gaps", use_bias=False)(x),
        layers.Conv1DTranspose(3, 4, strides=2, padding="same", activation="relu", name="same")(x),
        layers.Conv1DTranspose(2, 3, dilation_rate=2, padding="valid", name="dilated")(x),
        layers.Conv2DTranspose(2, (3, 2), strides=(2, 3), name="image_valid")(image),
        layers.Conv2DTranspose(2, (4, 3), strides=2, padding="same", name="image_same")(image),
        layers.UpSampling1D(3, name="up")(x),
        layers.UpSampling2D((2, 3), name="image_up")(layers.Conv2D(2, 2, name="conv")(image)),
    ]
    functional("transposed", [x, image], outputs, [rows(5, 4), rows(4, 5, 3)], only_keras)


def normalizations():
    x = layers.Input((5, 6), name="x")
    image = layers.Input((4, 3, 4), name="image")
    outputs = [
        layers.LayerNormalization(name="last")(x),
        layers.LayerNormalization(axis=[-1], epsilon=0.01, center=False, name="listed")(x),
        # the sum of what has no scale is 0, and no test of sums: a layer behind it tells
        layers.Dense(3, name="dense")(layers.LayerNormalization(scale=False, center=False, name="plain")(x)),
        layers.RMSNormalization(name="root_mean_square")(x),
        layers.GroupNormalization(groups=3, name="groups")(x),
        layers.GroupNormalization(groups=-1, name="instances")(image),
        layers.LayerNormalization(name="convolved")(layers.Conv2D(3, 2, name="conv")(image)),
    ]
    functional("normalizations", [x, image], outputs, [rows(5, 6), rows(4, 3, 4)], only_keras)


def refused():
    """Files that must be refused, each with its own message."""
    dense = layer_2("Dense", "dense", batch_input_shape=[None, 20000], units=20000, activation="linear", use_bias=False)
    architecture = {"class_name": "Sequential", "config": {"name": "huge", "layers": [dense]}}
    for name, options in (("refused_huge.h5", {}), ("refused_huge_chunked.h5", {"chunks": (100, 100), "compression": "gzip"})):
        write_h5(FOLDER / name, architecture, {"dense": []}, "2.2.4", "tensorflow")
        with h5py.File(FOLDER / name, "a") as file:
            group = file["model_weights/dense"]
            group.attrs["weight_names"] = np.array([b"dense/kernel:0"])
            group.create_dataset("dense/kernel:0", shape=(20000, 20000), dtype="float32", **options)
    conv = layer_2("Convolution2D", "conv", batch_input_shape=[None, 1, 4, 4], nb_filter=1, nb_row=2, nb_col=2, border_mode="valid",
                   subsample=[1, 1], dim_ordering="th", activation="relu", bias=False)
    write_h5(FOLDER / "refused_theano.h5", {"class_name": "Sequential", "config": [conv]},
             {"conv": [("conv_W", np.ones((1, 1, 2, 2), "float32"))]}, "1.2.2")
    hostile()


def hostile():
    """Small files whose weights unfold without end, or lie in another file; and one that is fine until a test changes it."""
    dense = layer_2("Dense", "dense", batch_input_shape=[None, 4], units=2, activation="linear", use_bias=False)
    architecture = {"class_name": "Sequential", "config": {"name": "hostile", "layers": [dense]}}
    for name in ("refused_bomb.h5", "lzf.h5", "refused_link.h5"):
        write_h5(FOLDER / name, architecture, {"dense": []}, "2.2.4", "tensorflow")
        with h5py.File(FOLDER / name, "a") as file:
            group = file["model_weights/dense"]
            group.attrs["weight_names"] = np.array([b"dense/kernel:0"])
            if name == "refused_link.h5":
                group.create_group("dense")["kernel:0"] = h5py.ExternalLink("sequential/model.h5", "/model_weights/conv/conv/kernel")
                continue
            how = "lzf" if name == "lzf.h5" else "gzip"
            kernel = group.create_dataset("dense/kernel:0", shape=(4, 2), dtype="float32", chunks=(4, 2), compression=how)
            if how == "lzf":
                kernel[...] = np.ones((4, 2))
            else:
                kernel.id.write_direct_chunk((0, 0), zlib.compress(bytes(16 << 20), 9))


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    for make in (conv1d, conv2d, channels_first, channels_first_1d, activations, activations_spatial, pools, norms, shapes, merges,
                 operations, nested, frozen, sequential, precisions, tf_keras, keras_2, keras_1, keras_1_theano, activations_hard,
                 hard_sigmoid_keras_2, transposed, normalizations):
        keras.utils.clear_session()
        make()
    refused()
    versions = {"keras": keras.__version__, "backend": keras.backend.backend(), "h5py": h5py.__version__, "numpy": np.__version__}
    if keras.backend.backend() == "torch":
        import torch

        versions["torch"] = torch.__version__
    versions["cases"] = cases
    (FOLDER / "versions.json").write_text(json.dumps(versions, indent=1) + "\n")


if __name__ == "__main__":
    main()
