#!/usr/bin/env python3
"""Adds to engine/src/test/resources/golden/keras, which keras_models.py writes: further layers, one folder each, in both formats.

Layers that Keras no longer has (LocallyConnected, Keras 1's MaxoutDense and Highway) are computed here in NumPy, from their definition.

Run from the project root, after keras_models.py: KERAS_BACKEND=torch python3 scripts/golden/keras_layers.py [CASE...]
"""

import itertools
import json
import os
import shutil
import sys
import zlib
from types import SimpleNamespace

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import keras_models as golden
import numpy as np
from keras import layers, ops
from keras_models import FOLDER, arrays_of, both_formats, functional, layer_2, only_h5, only_keras, rows, write_h5


class Computed:
    """A model that is a function of NumPy, to be saved where Keras has no such layer."""

    def __init__(self, inputs, outputs, function):
        self.inputs = [SimpleNamespace(name=name) for name in inputs]
        self.output_names, self.function = outputs, function

    def predict(self, inputs, verbose):
        return self.function(*[array.astype("float64") for array in inputs])


def weights(*shape):
    return (0.4 * golden.random.standard_normal(shape)).astype("float32")


def attention_multi_head():
    x = layers.Input((5, 6), name="x")
    y = layers.Input((4, 6), name="y")
    image = layers.Input((3, 2, 4), name="image")
    outputs = [
        layers.MultiHeadAttention(2, 3, name="self")(x, x),
        layers.MultiHeadAttention(2, 3, value_dim=4, output_shape=5, name="cross")(x, y),
        layers.MultiHeadAttention(3, 2, use_bias=False, name="named")(x, y, key=layers.Dense(6, name="keys")(y)),
        layers.MultiHeadAttention(2, 3, name="causal")(x, x, use_causal_mask=True),
        layers.MultiHeadAttention(2, 3, name="image_attention")(image, image),
        layers.GroupQueryAttention(3, 4, 2, name="grouped")(x, y),
    ]
    functional("attention_multi_head", [x, y, image], outputs, [rows(5, 6), rows(4, 6), rows(3, 2, 4)])


def attention():
    x = layers.Input((5, 6), name="x")
    y = layers.Input((4, 6), name="y")
    keys = layers.Dense(6, name="keys")(y)
    outputs = [
        layers.Attention(name="plain")([x, y]),
        layers.Attention(use_scale=True, name="scaled")([x, y, keys]),
        layers.Attention(score_mode="concat", name="concatenated")([x, y]),
        layers.Attention(use_scale=True, score_mode="concat", name="concatenated_scaled")([x, y, keys]),
        layers.Attention(name="causal")([x, x], use_causal_mask=True),
        layers.AdditiveAttention(name="additive")([x, y]),
        layers.AdditiveAttention(use_scale=False, name="additive_plain")([x, y, keys]),
    ]
    functional("attention", [x, y], outputs, [rows(5, 6), rows(4, 6)])


def transformer():
    """A block as Keras's examples write it: attention, residual sums, normalisation, pooling."""
    x = layers.Input((8, 4), name="x")
    z = layers.Dense(6, name="embed")(x)
    a = layers.Dropout(0.1, name="drop")(layers.MultiHeadAttention(2, 3, name="attention")(z, z))
    z = layers.LayerNormalization(epsilon=1e-6, name="norm_1")(layers.Add(name="sum_1")([z, a]))
    f = layers.Dense(6, name="narrow")(layers.Dense(10, activation="gelu", name="wide")(z))
    z = layers.LayerNormalization(epsilon=1e-6, name="norm_2")(layers.Add(name="sum_2")([z, f]))
    out = layers.Dense(2, name="dense")(layers.GlobalAveragePooling1D(name="mean")(z))
    functional("transformer", x, out, [rows(8, 4)])


def activations_further():
    x = layers.Input((6,), name="x")
    y = layers.Dense(6, name="before")(x)
    names = ["hard_shrink", "tanh_shrink", "squareplus", "sparse_plus", "sparse_sigmoid", "log_softmax", "glu"]
    outputs = [layers.Activation(name, name=f"activation_{name}")(y) for name in names]
    outputs += [
        layers.Dense(4, activation="glu", name="dense_glu")(x),
        layers.ReLU(max_value=1.5, negative_slope=0.2, name="relu_max_slope")(y),
        layers.ReLU(max_value=1.5, threshold=0.3, name="relu_max_threshold")(y),
        layers.ReLU(negative_slope=0.2, threshold=0.3, name="relu_slope_threshold")(y),
        layers.ReLU(max_value=1.5, negative_slope=0.2, threshold=0.3, name="relu_all")(y),
        layers.Activation("linear", name="operation_glu")(ops.glu(y, axis=1)),
        layers.Activation("linear", name="operation_squareplus")(ops.squareplus(y, b=2)),
        layers.Activation("linear", name="operation_hard_shrink")(ops.hard_shrink(y, threshold=0.2)),
    ]
    functional("activations_further", x, outputs, [rows(6)])


def norms_further():
    x = layers.Input((5, 4), name="x")
    image = layers.Input((3, 4, 2), name="image")
    outputs = [
        layers.LayerNormalization(axis=[1, 2], name="both")(x),
        layers.LayerNormalization(axis=[1, 3], scale=False, name="rows_and_channels")(image),
        layers.LayerNormalization(rms_scaling=True, name="deviation")(x),
        layers.UnitNormalization(name="unit")(x),
        layers.UnitNormalization(axis=[1, 2], name="unit_image")(image),
        layers.Softmax(axis=[1, 2], name="softmax")(x),
        layers.Softmax(axis=[1, 3], name="softmax_image")(image),
        layers.SpectralNormalization(layers.Dense(3), name="spectral")(x),
        layers.SpectralNormalization(layers.Conv1D(3, 2, activation="relu"), name="spectral_conv")(x),
    ]
    # what sums to a constant is told apart by a layer behind it
    outputs.append(layers.Dense(2, name="dense")(layers.Flatten(name="flat")(outputs[6])))
    functional("norms_further", [x, image], outputs, [rows(5, 4), rows(3, 4, 2)])


def dense_further():
    x = layers.Input((4, 5), name="x")
    image = layers.Input((3, 2, 4), name="image")
    outputs = [
        layers.EinsumDense("abc,cd->abd", output_shape=(None, 3), bias_axes="d", activation="relu", name="einsum")(x),
        layers.EinsumDense("...x,xy->...y", output_shape=3, name="einsum_rest")(image),
        layers.EinsumDense("abc,bcd->ad", output_shape=3, bias_axes="d", name="einsum_whole")(x),
        layers.EinsumDense("abc,bd->acd", output_shape=(5, 2), bias_axes="cd", name="einsum_positions")(x),
        layers.EinsumDense("abc,bc->abc", output_shape=(4, 5), name="einsum_cells")(x),
    ]
    functional("dense_further", [x, image], outputs, [rows(4, 5), rows(3, 2, 4)])


def merges_further():
    x = layers.Input((5, 4), name="x")
    y = layers.Input((3, 4), name="y")
    v = layers.Dense(4, name="vector")(layers.GlobalAveragePooling1D(name="pooled")(x))
    w = layers.Dense(4, name="other")(layers.GlobalMaxPooling1D(name="top")(y))
    outputs = [
        layers.Dot(axes=1, name="vectors")([v, w]),
        layers.Dot(axes=1, normalize=True, name="cosine")([v, w]),
        layers.Dot(axes=2, name="pairs")([x, y]),
        layers.Dot(axes=(2, 2), normalize=True, name="cosines")([x, y]),
        layers.Dot(axes=(2, 1), name="weighed")([x, v]),
        layers.Dot(axes=(1, 2), name="left")([v, y]),
    ]
    functional("merges_further", [x, y], outputs, [rows(5, 4), rows(3, 4)])


def volumes():
    x = layers.Input((5, 6, 4, 2), name="x")
    y = layers.Conv3D(3, (2, 3, 2), strides=(1, 2, 1), padding="same", activation="relu", name="conv")(x)
    outputs = [
        layers.MaxPooling3D(2, name="maximum")(y),
        layers.AveragePooling3D((2, 1, 3), strides=1, name="average")(y),
        layers.GlobalAveragePooling3D(name="mean")(y),
        layers.GlobalMaxPooling3D(keepdims=True, name="top")(y),
        layers.Conv3D(2, 2, dilation_rate=2, groups=1, name="dilated")(x),
        layers.Conv3DTranspose(2, (2, 1, 2), strides=2, name="transposed")(y),
        layers.UpSampling3D((1, 2, 2), name="up")(y),
        layers.ZeroPadding3D(((0, 1), (2, 0), (1, 1)), name="padded")(y),
        layers.Cropping3D(((1, 1), (0, 1), (1, 0)), name="cropped")(x),
        layers.SpatialDropout3D(0.2, name="drop")(y),
    ]
    functional("volumes", x, outputs, [rows(5, 6, 4, 2)], only_keras)


def resized():
    x = layers.Input((10, 3), name="x")
    image = layers.Input((4, 3, 2), name="image")
    y = layers.Conv2D(3, 2, padding="same", name="conv")(image)
    outputs = [
        layers.UpSampling2D((2, 3), interpolation="bilinear", name="bilinear")(y),
        layers.AdaptiveAveragePooling1D(4, name="adaptive")(x),
        layers.AdaptiveAveragePooling2D((3, 2), name="adaptive_image")(y),
        layers.AdaptiveMaxPooling1D(5, name="adaptive_maximum")(x),
        layers.AdaptiveMaxPooling2D((2, 1), name="adaptive_maximum_image")(y),
    ]
    functional("resized", [x, image], outputs, [rows(10, 3), rows(4, 3, 2)], only_keras)


def wrappers():
    x = layers.Input((3, 6, 4), name="x")
    z = layers.Input((5, 4), name="z")
    outputs = [
        layers.TimeDistributed(layers.Dense(3, activation="relu"), name="dense")(z),
        layers.TimeDistributed(layers.Conv1D(3, 2, activation="elu"), name="conv")(x),
        layers.TimeDistributed(layers.Flatten(), name="flat")(x),
        layers.TimeDistributed(layers.MaxPooling1D(2), name="pool")(x),
        layers.TimeDistributed(layers.BatchNormalization(), name="norm")(x),
        layers.TimeDistributed(layers.Dropout(0.2), name="drop")(z),
    ]
    functional("wrappers", [x, z], outputs, [rows(3, 6, 4), rows(5, 4)])


def local(x, kernel, bias, outputs, window, strides, begin):
    """Channels-last; kernel [positions, taps * channels, filters]."""
    results = np.zeros((len(x), *outputs, kernel.shape[-1]))
    pads = [(0, 0)] + [(b, w + s * o) for b, w, s, o in zip(begin, window, strides, outputs)] + [(0, 0)]
    x = np.pad(x, pads)
    for p, position in enumerate(itertools.product(*map(range, outputs))):
        cut = tuple(slice(i * s, i * s + w) for i, s, w in zip(position, strides, window))
        results[(slice(None), *position)] = x[(slice(None), *cut)].reshape(len(x), -1) @ kernel[p] + bias[position]
    return results


def matrix_of(kernel, inputs, channels, outputs, window, strides, begin):
    """The matrix [inputs * channels, positions * filters] of a kernel by position, and which of its entries are there."""
    filters = kernel.shape[-1]
    matrix = np.zeros((*inputs, channels, *outputs, filters), "float32")
    there = np.zeros(matrix.shape, bool)
    for p, position in enumerate(itertools.product(*map(range, outputs))):
        for t, tap in enumerate(itertools.product(*map(range, window))):
            source = tuple(i * s + k - b for i, s, k, b in zip(position, strides, tap, begin))
            if all(0 <= at < n for at, n in zip(source, inputs)):
                for c in range(channels):
                    matrix[(*source, c, *position)] = kernel[p, t * channels + c]
                    there[(*source, c, *position)] = True
    return matrix, there


def local_case(name, shape, outputs, window, strides, implementation, padding="valid", begin=None, first=False, keras_1=False):
    axes = len(window)
    begin = begin or (0,) * axes
    channels, filters = shape[-1], 3
    taps = int(np.prod(window))
    kernel = weights(int(np.prod(outputs)), taps * channels, filters)
    bias = weights(*outputs, filters)
    stored = kernel
    if implementation == 1 and first:
        stored = kernel.reshape(-1, taps, channels, filters).transpose(0, 2, 1, 3).reshape(kernel.shape)
    elif implementation > 1:
        matrix, there = matrix_of(kernel, shape[:-1], channels, outputs, window, strides, begin)
        if first:  # channels before positions on both sides
            order = [axes, *range(axes), 2 * axes + 1, *range(axes + 1, 2 * axes + 1)]
            matrix, there = matrix.transpose(order), there.transpose(order)
        stored = matrix
        if implementation == 3:  # entries sorted by output, then by input
            half = int(np.prod(matrix.shape[:axes + 1]))
            stored = matrix.reshape(half, -1).T[there.reshape(half, -1).T]
    layout = "channels_first" if first else "channels_last"
    seen = [shape[-1], *shape[:-1]] if first else list(shape)
    if keras_1:
        names = {"nb_row": window[0], "nb_col": window[1], "nb_filter": filters, "subsample": list(strides), "dim_ordering": "tf",
                 "border_mode": "valid", "bias": True}
    else:
        names = {"filters": filters, "kernel_size": list(window), "strides": list(strides), "padding": padding,
                 "data_format": layout, "use_bias": True, "implementation": implementation}
    layer = layer_2(f"LocallyConnected{axes}D", "local", batch_input_shape=[None, *seen], activation="relu", **names)
    flat = layer_2("Flatten", "flat", data_format=layout)
    dense = layer_2("Dense", "dense", **({"output_dim": 2, "bias": True} if keras_1 else {"units": 2, "use_bias": True}), activation="linear")
    w = weights(int(np.prod(outputs)) * filters, 2)
    architecture = {"class_name": "Sequential", "config": [layer, flat, dense]}
    arrays = {"local": [("local/kernel:0", stored), ("local/bias:0", bias)], "flat": [], "dense": [("dense/kernel:0", w), ("dense/bias:0", np.zeros(2, "float32"))]}

    def predict(x):
        y = np.maximum(local(x, kernel, bias, outputs, window, strides, begin), 0)
        return y.reshape(len(x), -1) @ w

    version = "1.2.2" if keras_1 else "2.3.1"
    golden.save_case(name, Computed(["local_input"], ["dense"], predict), [rows(*shape)],
                     {"model.h5": lambda path: write_h5(path, architecture, arrays, version, "tensorflow")})


def locally_connected():
    local_case("local_1d", (9, 4), (4,), (3,), (2,), 1)
    local_case("local_1d_matrix", (9, 4), (4,), (3,), (2,), 2)
    local_case("local_1d_same_matrix", (7, 4), (4,), (3,), (2,), 2, "same", (1,))
    local_case("local_1d_same_entries", (7, 4), (4,), (3,), (2,), 3, "same", (1,))
    local_case("local_1d_first", (6, 3), (5,), (2,), (1,), 1, first=True)
    local_case("local_2d", (5, 6, 2), (4, 2), (2, 3), (1, 3), 1)
    local_case("local_2d_matrix", (4, 5, 2), (3, 2), (2, 3), (1, 2), 2)
    local_case("local_2d_entries", (4, 5, 2), (3, 2), (2, 3), (1, 2), 3)
    local_case("local_2d_first_matrix", (4, 5, 2), (3, 2), (2, 3), (1, 2), 2, first=True)
    local_case("local_2d_first_entries", (4, 5, 2), (3, 2), (2, 3), (1, 2), 3, first=True)
    local_case("local_2d_keras_1", (5, 6, 2), (4, 4), (2, 3), (1, 1), 1, keras_1=True)


def keras_1_dense():
    """Keras 1.2's MaxoutDense, Highway, TimeDistributedDense and merges by dot and cos."""
    maxout, maxout_b = weights(3, 5, 4), weights(3, 4)
    w, carry, b, carry_b = weights(4, 4), weights(4, 4), weights(4), weights(4)
    steps, steps_b = weights(6, 5), weights(5)

    def after(*names):
        return [[[name, 0, 0] for name in names]]

    def merge(name, first, second, mode):
        return layer_2("Merge", name, after(first, second), mode=mode, concat_axis=-1, dot_axes=[1, 1], mode_type="raw")

    architecture = {"class_name": "Model", "config": {"name": "model_1", "layers": [
        layer_2("InputLayer", "x", [], batch_input_shape=[None, 7, 6], input_dtype="float32"),
        layer_2("TimeDistributedDense", "steps", after("x"), output_dim=5, activation="linear", bias=True, input_dim=6),
        layer_2("GlobalAveragePooling1D", "pool", after("steps")),
        layer_2("MaxoutDense", "maxout", after("pool"), output_dim=4, nb_feature=3, bias=True, input_dim=5),
        layer_2("Highway", "highway", after("maxout"), activation="tanh", bias=True, input_dim=4),
        merge("dot", "maxout", "highway", "dot"),
        merge("cos", "maxout", "highway", "cos"),
    ], "input_layers": [["x", 0, 0]], "output_layers": [["highway", 0, 0], ["dot", 0, 0], ["cos", 0, 0]]}}
    arrays = {"steps": [("steps_W", steps), ("steps_b", steps_b)], "maxout": [("maxout_W", maxout), ("maxout_b", maxout_b)],
              "highway": [("highway_W", w), ("highway_W_carry", carry), ("highway_b", b), ("highway_b_carry", carry_b)]}

    def predict(x):
        pooled = (x @ steps + steps_b).mean(1)
        m = (np.einsum("ni,pio->npo", pooled, maxout) + maxout_b).max(1)
        gate = 1 / (1 + np.exp(-(m @ carry + carry_b)))
        h = gate * np.tanh(m @ w + b) + (1 - gate) * m
        dot = (m * h).sum(1, keepdims=True)
        return [h, dot, dot / (np.linalg.norm(m, axis=1) * np.linalg.norm(h, axis=1))[:, None]]

    golden.save_case("keras_1_dense", Computed(["x"], ["highway", "dot", "cos"], predict), [rows(7, 6)],
                     {"model.h5": lambda path: write_h5(path, architecture, arrays, "1.2.2")})


@keras.saving.register_keras_serializable(package="lab")
class ScaledTanh(layers.Layer):
    """A layer of a user; the tests' ScaledTanhMapper reads it."""

    def __init__(self, units, scale, **options):
        super().__init__(**options)
        self.units, self.scale = units, scale

    def build(self, shape):
        self.inner = self.add_weight(shape=(shape[-1], self.units), name="inner")

    def call(self, x):
        return self.scale * ops.tanh(ops.matmul(x, self.inner))

    def get_config(self):
        return {**super().get_config(), "units": self.units, "scale": self.scale}


def custom():
    """A custom layer, a custom loss and metric, and an optimizer's state: none of the last three is looked at."""
    x = layers.Input((5,), name="x")
    y = ScaledTanh(4, 2.5, name="mine")(x)
    model = keras.Model(x, layers.Dense(2, name="dense")(ScaledTanh(3, 0.5, name="again")(y)), name="custom")

    @keras.saving.register_keras_serializable(package="lab")
    def own_loss(truth, found):
        return ops.mean(ops.abs(truth - found))

    model.compile("adam", loss=own_loss, metrics=[own_loss])
    model.fit(rows(5), rows(2), verbose=0)
    golden.randomize(model)
    golden.save_case("custom", model, [rows(5)], both_formats(model))


def reverse(x):
    return ops.flip(x, axis=(1, 2))


def lambdas():
    """Lambda layers, whose code is not run: a reverse-complement-equivariant network with shared layers, and sums of exponentials."""
    x = layers.Input((19, 4), name="x")
    conv, dense = layers.Conv1D(5, 4, activation="relu", name="conv"), layers.Dense(2, name="dense")
    turned = layers.Lambda(reverse, name="reverse", output_shape=(19, 4))(x)
    back = layers.Lambda(lambda z: ops.flip(z, axis=1), name="reverse_back", output_shape=(16, 5))(conv(turned))
    top = layers.GlobalMaxPooling1D(name="top")(layers.Maximum(name="either")([conv(x), back]))
    counts = dense(top)
    outputs = [
        layers.Lambda(lambda z: ops.logsumexp(z, axis=-1, keepdims=True), name="total", output_shape=(1,))(counts),
        layers.Lambda(lambda z: ops.mean(z, axis=1), name="mean", output_shape=(5,))(back),
        layers.Lambda(lambda z: z[:, 2:-3], name="crop", output_shape=(11, 5))(back),
        layers.Lambda(lambda z: z[0] - z[1], name="difference", output_shape=(16, 5))([back, conv(x)]),
    ]
    functional("lambdas", x, outputs, [rows(19, 4)])
    path = FOLDER / "lambdas" / "case.json"
    case = json.loads(path.read_text())
    case["lambdas"] = {"reverse": "reverse(1,2)", "reverse_back": "reverse(1)", "total": "logsumexp", "mean": "mean(1)",
                       "crop": "slice(1,2,-3)", "difference": "subtract"}
    path.write_text(json.dumps(case, indent=1) + "\n")


class OneHot:
    """A model of indices, whose inputs are given one-hot, as the engine takes them."""

    def __init__(self, model):
        self.model, self.inputs, self.output_names = model, model.inputs, model.output_names

    def predict(self, inputs, verbose):
        return self.model.predict([array.argmax(-1) for array in inputs], verbose=verbose)


def embeddings():
    tokens = layers.Input((9,), dtype="int32", name="tokens")
    kind = layers.Input((1,), dtype="int32", name="kind")
    x = layers.Add(name="sum")([layers.Embedding(6, 4, name="embedded")(tokens), layers.Embedding(6, 4, name="other")(tokens)])
    y = layers.Flatten(name="flat_kind")(layers.Embedding(3, 2, name="embedded_kind")(kind))
    z = layers.GlobalMaxPooling1D(name="top")(layers.Conv1D(5, 3, activation="relu", name="conv")(x))
    out = layers.Dense(2, name="dense")(layers.Concatenate(name="both")([z, y]))
    model = keras.Model([tokens, kind], out)
    golden.randomize(model)
    one_hot = [np.eye(n, dtype="float32")[golden.random.randint(0, n, (golden.ROWS, length))] for n, length in ((6, 9), (3, 1))]
    golden.save_case("embeddings", OneHot(model), one_hot, both_formats(model))


CASES = [embeddings, custom, lambdas, attention_multi_head, attention, transformer, activations_further, norms_further, dense_further, merges_further, volumes, resized,
         wrappers, locally_connected, keras_1_dense]


def main():
    wanted = sys.argv[1:]
    versions = json.loads((FOLDER / "versions.json").read_text())
    for make in CASES:
        if wanted and make.__name__ not in wanted:
            continue
        for folder in FOLDER.glob("local_*" if make is locally_connected else make.__name__):
            shutil.rmtree(folder)
        golden.random = np.random.RandomState(zlib.crc32(make.__name__.encode()))
        keras.utils.clear_session()
        make()
    versions["cases"] += [name for name in golden.cases if name not in versions["cases"]]
    (FOLDER / "versions.json").write_text(json.dumps(versions, indent=1) + "\n")


if __name__ == "__main__":
    main()
