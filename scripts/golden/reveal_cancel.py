"""Writes attribution goldens for the RevealCancel and GenomicsDefault rules, which no maintained Python package has.

usage: python scripts/golden/reveal_cancel.py [--output engine/src/test/resources/golden/attribution]

The rules are written out in NumPy, in double precision, as the papers and the reference implementation (kundajelab/deeplift) state
them, and share nothing with the engine's way of computing them: five products per linear layer, and quotients of each part's change
by the part, of which 1e-7 is added to one that is next to nothing (`pc`). Every score is checked to sum to the difference of the
predictions, every model file to predict as the NumPy network does. Needs numpy, onnx and onnxruntime.
"""

import argparse
import importlib.metadata
import json
import pathlib
import platform
from dataclasses import dataclass

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

SEED = 11
NEAR_ZERO = 1e-7
COMPLETENESS = 1e-6
PREDICTION_TOLERANCE = 2e-6


# ----------------------------------------------------------------------------------------------------------------------- rules


@dataclass
class Parts:
    """A layer's value for input and reference, and the positive and negative contribution to their difference."""

    value: np.ndarray
    reference: np.ndarray
    positive: np.ndarray
    negative: np.ndarray

    @property
    def delta(self):
        return self.value - self.reference


class Linear:
    """`apply(x, weight)` without bias and its transpose come from the subclasses."""

    def forward(self, at):
        up, down = at.delta * (at.delta > 0), at.delta * (at.delta < 0)
        rising, falling = self.weight * (self.weight > 0), self.weight * (self.weight < 0)
        return Parts(
            self.apply(at.value, self.weight) + self.shift,
            self.apply(at.reference, self.weight) + self.shift,
            self.apply(up, rising) + self.apply(down, falling),
            self.apply(up, falling) + self.apply(down, rising),
        )

    def backward(self, at, positive, negative):
        rising, falling = self.weight * (self.weight > 0), self.weight * (self.weight < 0)
        m = (at.delta > 0) * (self.transposed(positive, rising) + self.transposed(negative, falling))
        m += (at.delta < 0) * (self.transposed(positive, falling) + self.transposed(negative, rising))
        m += (at.delta == 0) * self.transposed((positive + negative) / 2, self.weight)
        return m, m


class Dense(Linear):
    def __init__(self, rng, size_in, size_out):
        self.weight = rounded(rng.normal(0, 1.4 / np.sqrt(size_in), (size_in, size_out)))
        self.bias = rounded(rng.normal(0, 0.3, size_out))
        self.shift = self.bias

    def apply(self, x, weight):
        return x @ weight

    def transposed(self, m, weight):
        return m @ weight.T

    def node(self, graph, name, source):
        return graph.add("Gemm", name, source, graph.constant(f"{name}_w", self.weight), graph.constant(f"{name}_b", self.bias))


class Conv1D(Linear):
    """`[out, in, kernel]` weights over `[in, length]`, no padding."""

    def __init__(self, rng, size_in, size_out, kernel, dilation=1):
        self.weight = rounded(rng.normal(0, 1.4 / np.sqrt(size_in * kernel), (size_out, size_in, kernel)))
        self.bias = rounded(rng.normal(0, 0.3, size_out))
        self.shift = self.bias[:, None]
        self.dilation = dilation

    def span(self, tap, length):
        return slice(tap * self.dilation, tap * self.dilation + length)

    def apply(self, x, weight):
        taps = weight.shape[2]
        length = x.shape[1] - (taps - 1) * self.dilation
        return sum(weight[:, :, tap] @ x[:, self.span(tap, length)] for tap in range(taps))

    def transposed(self, m, weight):
        taps, length = weight.shape[2], m.shape[1]
        out = np.zeros((weight.shape[1], length + (taps - 1) * self.dilation))
        for tap in range(taps):
            out[:, self.span(tap, length)] += weight[:, :, tap].T @ m
        return out

    def node(self, graph, name, source):
        weight, bias = graph.constant(f"{name}_w", self.weight), graph.constant(f"{name}_b", self.bias)
        return graph.add("Conv", name, source, weight, bias, dilations=[self.dilation], kernel_shape=[self.weight.shape[2]])


class BatchNorm:
    """At inference, over axis 0; a negative scale swaps the parts, a scale of 0 drops them."""

    EPSILON = 1e-3

    def __init__(self, rng, scales):
        size = len(scales)
        self.gamma, self.beta = rounded(np.array(scales, dtype=float)), rounded(rng.normal(0, 0.3, size))
        self.mean, self.variance = rounded(rng.normal(0, 0.3, size)), rounded(rng.uniform(0.3, 1.2, size))

    def scale(self, like):
        scale = self.gamma / np.sqrt(self.variance + self.EPSILON)
        return scale.reshape(-1, *(1,) * (like.ndim - 1))

    def forward(self, at):
        scale = self.scale(at.value)
        mean, beta = (column.reshape(scale.shape) for column in (self.mean, self.beta))
        return Parts(
            (at.value - mean) * scale + beta,
            (at.reference - mean) * scale + beta,
            scale * np.where(scale > 0, at.positive, at.negative) * (scale != 0),
            scale * np.where(scale > 0, at.negative, at.positive) * (scale != 0),
        )

    def backward(self, at, positive, negative):
        scale = self.scale(at.value)
        return scale * np.where(scale > 0, positive, negative), scale * np.where(scale > 0, negative, positive)

    def node(self, graph, name, source):
        columns = [graph.constant(f"{name}_{key}", getattr(self, key)) for key in ("gamma", "beta", "mean", "variance")]
        return graph.add("BatchNormalization", name, source, *columns, epsilon=self.EPSILON)


class Flatten:
    def forward(self, at):
        return Parts(*(part.reshape(-1) for part in (at.value, at.reference, at.positive, at.negative)))

    def backward(self, at, positive, negative):
        return positive.reshape(at.value.shape), negative.reshape(at.value.shape)

    def node(self, graph, name, source):
        return graph.add("Flatten", name, source)


class Activation:
    """After a convolution, genomics-default means Rescale; after a dense layer, RevealCancel."""

    def __init__(self, function, after):
        self.function, self.after = function, after
        self.f, self.derivative = {
            "Relu": (lambda x: np.maximum(x, 0), lambda x: (x > 0).astype(float)),
            "Tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
            "Sigmoid": (sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x))),
        }[function]

    def multipliers(self, at, rule):
        f, r = self.f, at.reference
        if rule == "genomicsdefault" and self.after == "conv":
            near = np.abs(at.delta) < NEAR_ZERO
            k = np.where(near, self.derivative(r), (f(at.value) - f(r)) / np.where(near, 1, at.delta))
            return k, k
        p, n = pseudo_count(at.positive), pseudo_count(at.negative)
        up = ((f(r + p) - f(r)) + (f(r + n + p) - f(r + n))) / 2
        down = ((f(r + n) - f(r)) + (f(r + p + n) - f(r + p))) / 2
        return up / p, down / n

    def forward(self, at, rule):
        up, down = self.multipliers(at, rule)
        return Parts(self.f(at.value), self.f(at.reference), up * at.positive, down * at.negative)

    def backward(self, at, positive, negative, rule):
        up, down = self.multipliers(at, rule)
        return positive * up, negative * down

    def node(self, graph, name, source):
        return graph.add(self.function, name, source)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def pseudo_count(part):
    """The reference implementation's `pc`."""
    tiny = NEAR_ZERO / 2
    return part + NEAR_ZERO * ((part >= 0) & (part < tiny)) - NEAR_ZERO * ((part < 0) & (part > -tiny))


def rounded(weights):
    """As a model file stores it."""
    return weights.astype(np.float32).astype(np.float64)


def explain(layers, rule, unit, x, reference):
    """Multipliers and contributions of one output unit for one pair, channels first."""
    delta = x - reference
    points = [Parts(x, reference, delta * (delta > 0), delta * (delta < 0))]
    for layer in layers:
        step = (points[-1], rule) if isinstance(layer, Activation) else (points[-1],)
        points.append(layer.forward(*step))
    positive = np.zeros(points[-1].value.shape)
    positive[unit] = 1
    negative = positive
    for layer, at in zip(reversed(layers), reversed(points[:-1])):
        step = (at, positive, negative) + ((rule,) if isinstance(layer, Activation) else ())
        positive, negative = layer.backward(*step)
    contributions = positive * points[0].positive + negative * points[0].negative
    gap = abs(contributions.sum() - points[-1].delta[unit])
    if gap > COMPLETENESS:
        raise SystemExit(f"{rule}: contributions miss the difference of the predictions by {gap}")
    return (positive + negative) / 2, contributions


def predict(layers, x):
    at = Parts(x, x, 0 * x, 0 * x)
    for layer in layers:
        at = layer.forward(at, "genomicsdefault") if isinstance(layer, Activation) else layer.forward(at)
    return at.value


# ----------------------------------------------------------------------------------------------------------------------- cases


@dataclass
class Case:
    name: str
    description: str
    layers: list
    inputs: np.ndarray
    references: np.ndarray
    rules: tuple
    targets: tuple = (0, 1)


def dense(rng):
    layers = [Dense(rng, 10, 9), Activation("Relu", "dense"), Dense(rng, 9, 7), Activation("Tanh", "dense"), Dense(rng, 7, 6)]
    layers += [Activation("Sigmoid", "dense"), Dense(rng, 6, 2)]
    inputs = rng.normal(0, 1.5, (6, 10)).astype(np.float32)
    references = rng.normal(0, 1, (1, 2, 10)).astype(np.float32)
    # a row that equals a reference, and one that equals it in half of its features
    inputs[0] = references[0, 0]
    inputs[1, :5] = references[0, 0, :5]
    description = "dense layers only, relu, tanh and sigmoid; rows that equal a reference wholly and in part"
    return Case("revealcancel_dense", description, layers, inputs, references, ("revealcancel",))


def conv_dense(rng):
    layers = [Conv1D(rng, 4, 6, 5), Activation("Relu", "conv"), Conv1D(rng, 6, 5, 3, dilation=2), Activation("Relu", "conv")]
    layers += [Flatten(), Dense(rng, 5 * 32, 7), Activation("Relu", "dense"), Dense(rng, 7, 2)]
    description = "1-D convolutions (one dilated), then dense layers; three shuffled references per row"
    return Case("revealcancel_conv_dense", description, layers, *dna(rng, 4, 40, 3), HYPOTHETICAL)


def dense_on_letters(rng):
    layers = [Flatten(), Dense(rng, 4 * 12, 8), BatchNorm(rng, [0.8, -1.1, 0.5, -0.7, 0, 1.3, -0.4, 0.9])]
    layers += [Activation("Relu", "dense"), Dense(rng, 8, 5), BatchNorm(rng, [-0.9, 0.6, -1.2, 1.1, 0.7])]
    layers += [Activation("Tanh", "dense"), Dense(rng, 5, 2)]
    description = "dense layers on letters, batch normalisation with scales below 0 and of 0 before each activation"
    return Case("revealcancel_batchnorm", description, layers, *dna(rng, 4, 12, 2), ("revealcancel", "hyp_revealcancel"))


HYPOTHETICAL = ("revealcancel", "hyp_revealcancel", "genomicsdefault", "hyp_genomicsdefault")


def conv_batch_norm(rng):
    layers = [Conv1D(rng, 4, 6, 5), BatchNorm(rng, [0.8, -1.1, 0.5, -0.7, 0.3, -1.3]), Activation("Relu", "conv"), Flatten()]
    layers += [Dense(rng, 6 * 26, 6), BatchNorm(rng, [-0.9, 0.6, -1.2, 1.1, 0.7, -0.5]), Activation("Relu", "dense"), Dense(rng, 6, 2)]
    description = "batch normalisation with scales below 0 after a convolution and after a dense layer"
    return Case("revealcancel_conv_batchnorm", description, layers, *dna(rng, 4, 30, 2), HYPOTHETICAL)


def dna(rng, rows, length, references):
    """One-hot inputs `[rows, length, 4]` and, per row, references of the same letters in another order."""
    letters = rng.integers(0, 4, (rows, length))
    shuffled = np.stack([[rng.permutation(row) for _ in range(references)] for row in letters])
    return np.eye(4, dtype=np.uint8)[letters], np.eye(4, dtype=np.uint8)[shuffled]


# ----------------------------------------------------------------------------------------------------------------------- files


class OnnxGraph:
    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, name, array):
        self.constants.append(numpy_helper.from_array(array.astype(np.float32), name))
        return name

    def add(self, kind, name, *inputs, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name


def write_model(case, file):
    graph, at = OnnxGraph(), "input"
    for number, layer in enumerate(case.layers):
        last = number == len(case.layers) - 1
        at = layer.node(graph, "output" if last else f"{type(layer).__name__.lower()}{number}", at)
    shape = channels_first(case.inputs[0]).shape
    made = helper.make_graph(
        graph.nodes,
        case.name,
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", *shape])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["batch", 2])],
        graph.constants,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, file)
    rows = np.stack([channels_first(row) for row in case.inputs])
    found = onnxruntime.InferenceSession(str(file)).run(None, {"input": rows.astype(np.float32)})[0]
    expected = np.stack([predict(case.layers, row) for row in rows])
    difference = float(np.abs(found - expected).max())
    if difference > PREDICTION_TOLERANCE * max(1.0, float(np.abs(expected).max())):
        raise SystemExit(f"{case.name}: the written file's predictions differ from the network's by {difference}")


def channels_first(row):
    return np.moveaxis(row, -1, 0).astype(np.float64) if row.ndim > 1 else row.astype(np.float64)


def channels_last(row):
    return np.moveaxis(row, 0, -1) if row.ndim > 1 else row


def scores(case, rule, unit):
    """`[rows, ...]`, channels last, averaged over references."""
    rows = []
    for number, row in enumerate(case.inputs):
        pairs = []
        for reference in case.references[min(number, len(case.references) - 1)]:
            base = rule.removeprefix("hyp_")
            m, contributions = explain(case.layers, base, unit, channels_first(row), channels_first(reference))
            m = channels_last(m)
            hypothetical = m - (reference * m).sum(axis=-1, keepdims=True)
            pairs.append(channels_last(contributions) if rule == base else hypothetical)
        rows.append(np.mean(pairs, axis=0))
    return np.stack(rows)


def write_case(case, output):
    folder = output / case.name
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    write_model(case, folder / "model.onnx")
    np.save(folder / "inputs.npy", case.inputs)
    np.save(folder / "references.npy", case.references)
    expected = []
    for rule in case.rules:
        for unit in case.targets:
            values = scores(case, rule, unit)
            largest = float(np.abs(values).max())
            file = f"expected_{rule}_t{unit}.npy"
            np.save(folder / file, values.astype(np.float32))
            expected.append(
                {
                    "files": [file],
                    "rule": rule,
                    "target": f"t{unit}",
                    "atol": float(f"{2e-5 * largest:.2g}"),
                    "max_abs_expected": float(f"{largest:.4g}"),
                }
            )
    write_json(case, expected, folder)
    print(f"{case.name}: {len(expected)} arrays, {sum(f.stat().st_size for f in folder.iterdir())} bytes")


def write_json(case, expected, folder):
    definition = "output[index], before any final activation"
    facts = {
        "case": case.name,
        "description": case.description,
        "layout": "channels_last arrays: (N, length, channels) or (N, height, width, channels)",
        "models": [{"file": "model.onnx", "format": "onnx", "producer": "onnx.helper", "input_layout": "channels_first", "inputs": ["input"], "outputs": ["output"]}],
        "inputs": [{"file": "inputs.npy", "name": "input", "shape": list(case.inputs.shape)}],
        "references": [{"file": "references.npy", "shape": list(case.references.shape)}],
        "targets": {f"t{unit}": {"layer": "output", "kind": "index", "index": unit, "definition": definition} for unit in case.targets},
        "golden_peer": "the rules of kundajelab/deeplift 0.6.13 in NumPy, float64",
        "script": "scripts/golden/reveal_cancel.py",
        "versions": {"python": platform.python_version(), **{name: importlib.metadata.version(name) for name in ("numpy", "onnx", "onnxruntime")}},
        "expected": expected,
    }
    (folder / "case.json").write_text(json.dumps(facts, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = pathlib.Path(__file__).resolve().parents[2] / "engine/src/test/resources/golden/attribution"
    parser.add_argument("--output", type=pathlib.Path, default=default)
    output = parser.parse_args().output
    for build in (dense, conv_dense, dense_on_letters, conv_batch_norm):
        write_case(build(np.random.default_rng(SEED)), output)


if __name__ == "__main__":
    main()
