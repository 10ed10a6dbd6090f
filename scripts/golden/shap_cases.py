"""Writes the project's own attribution goldens: small networks and what SHAP's DeepExplainer says about them.

usage: KERAS_BACKEND=torch python scripts/golden/shap_cases.py [--output engine/src/test/resources/golden/attribution]

Every case is a folder with a model file, inputs.npy and references.npy (channels-last, references [1 or N, R, ...]), the expected
arrays and case.json, which names targets, rules, tolerances and versions. SHAP runs in double precision on a PyTorch network whose
weights were rounded to float32; Keras files hold the same weights, and each written file must predict as that network does.

SHAP's rules are DeepLIFT's Rescale where every activation is a module of its own, used once, and pools do not overlap: only such
networks are here, and every score is checked to sum to the difference of the predictions. Needs torch, shap, keras, onnx,
onnxscript and onnxruntime.
"""

import argparse
import importlib.metadata
import json
import os
import pathlib
import platform
import warnings
from dataclasses import dataclass, field
from typing import Callable

os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import onnx
import onnxruntime
import torch
from shap.explainers._deep.deep_pytorch import PyTorchDeep, linear_1d, op_handler
from torch import nn

SEED = 5
COMPLETENESS = 1e-9
PREDICTION_TOLERANCE = 2e-6
KINDS = {
    "index": "output[index], before any final activation",
    "diff": "output[plus] - output[minus], before any final activation",
}


@dataclass
class Case:
    """A network with what is asked of it; `network` takes channels-first arrays, `write` writes the model files."""

    name: str
    description: str
    network: nn.Module
    write: Callable[[pathlib.Path], list]
    inputs: np.ndarray
    references: np.ndarray
    targets: dict
    rule: str = "rescale"
    hypothetical: bool = False
    outputs: list[str] = field(default_factory=lambda: ["output"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = pathlib.Path(__file__).resolve().parents[2] / "engine/src/test/resources/golden/attribution"
    parser.add_argument("--output", type=pathlib.Path, default=default)
    output = parser.parse_args().output
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    warnings.filterwarnings("error", message="unrecognized nn.Module")
    for build in (
        conv1d_dilated,
        conv1d_residual_gap,
        conv1d_maxpool,
        conv1d_two_heads,
        conv1d_keras,
        conv2d_groups_batchnorm,
        conv2d_h5_softmax,
        mlp_h5,
    ):
        keras.utils.set_random_seed(SEED)
        write_case(build(np.random.default_rng(SEED)), output)


# ---------------------------------------------------------------------------------------------------------------- networks


class Residual(nn.Module):
    def __init__(self, channels, dilation):
        super().__init__()
        self.conv = nn.Conv1d(channels, channels, 3, dilation=dilation, padding=dilation)
        self.relu = nn.ReLU()

    def forward(self, x):
        return x + self.relu(self.conv(x))


class Mean(nn.Module):
    """Mean over the last axis, as a global average pool."""

    def forward(self, x):
        return x.mean(dim=-1)


class Flatten(nn.Module):
    """Flattens as a channels-last network does."""

    def forward(self, x):
        return x.movedim(1, -1).flatten(1)


class Pad(nn.Module):
    """Zeros around the last axes, `(before, after)` pairs from the last axis on."""

    def __init__(self, *amounts):
        super().__init__()
        self.amounts = amounts

    def forward(self, x):
        return nn.functional.pad(x, self.amounts)


class TwoHeads(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv1d(4, 8, 7), nn.ReLU(), nn.Conv1d(8, 8, 3, dilation=2), nn.ReLU())
        self.profile = nn.Sequential(nn.Conv1d(8, 1, 5), nn.Flatten())
        self.counts = nn.Sequential(Mean(), nn.Linear(8, 1))

    def forward(self, x):
        body = self.body(x)
        return self.profile(body), self.counts(body)


class Joined(nn.Module):
    """Both heads side by side: SHAP explains one output."""

    def __init__(self, heads):
        super().__init__()
        self.heads = heads

    def forward(self, x):
        return torch.cat(self.heads(x), dim=1)


def conv1d_dilated(rng):
    network = nn.Sequential(
        nn.Conv1d(4, 8, 7),
        nn.ReLU(),
        nn.Conv1d(8, 8, 3, dilation=2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(8 * 50, 6),
        nn.ReLU(),
        nn.Linear(6, 2),
    )
    inputs, references = dna(rng, 5, 60, 3)
    targets = {"t0": index(0), "t1": index(1), "d0-1": {"layer": "output", "kind": "diff", "plus": 0, "minus": 1}}
    return onnx_case("conv1d_dilated", "dilated 1-D CNN, three shuffled references per row", network, inputs, references, targets, hypothetical=True)


def conv1d_residual_gap(rng):
    network = nn.Sequential(nn.Conv1d(4, 8, 5, padding=2), nn.ReLU(), Residual(8, 1), Residual(8, 2), Residual(8, 4), Mean(), nn.Linear(8, 1))
    inputs, _ = dna(rng, 4, 48, 1)
    flat = np.broadcast_to(np.array([0.3, 0.2, 0.2, 0.3], dtype=np.float32), inputs.shape[1:])
    references = np.stack([flat, np.zeros_like(flat)])[None]
    description = "residual dilated 1-D CNN, mean over positions; background and zero reference shared by all rows"
    return onnx_case("conv1d_residual_gap", description, network, inputs, references, {"t0": index(0)}, hypothetical=True)


def conv1d_maxpool(rng):
    network = nn.Sequential(
        nn.Conv1d(4, 8, 6), nn.ReLU(), nn.Conv1d(8, 8, 3), nn.MaxPool1d(3), nn.Conv1d(8, 6, 3), nn.Tanh(), nn.Flatten(), nn.Linear(6 * 13, 2)
    )
    inputs, references = dna(rng, 4, 52, 2)
    description = "1-D CNN with max-pool windows that do not overlap, by the cross-maximum rule"
    return onnx_case("conv1d_maxpool", description, network, inputs, references, {"t0": index(0), "t1": index(1)}, rule="rescale_maxcross")


def conv1d_two_heads(rng):
    heads = TwoHeads()
    inputs, references = dna(rng, 4, 40, 2)
    targets = {
        "profile7": {"layer": "profile", "kind": "index", "index": 7, "column": 7},
        "counts": {"layer": "counts", "kind": "index", "index": 0, "column": 26},
    }
    description = "1-D CNN with two outputs, profile [26] and counts [1]"
    case = onnx_case("conv1d_two_heads", description, heads, inputs, references, targets, outputs=["profile", "counts"])
    case.network = Joined(heads)
    return case


def conv1d_keras(rng):
    model = keras.Sequential(
        [
            keras.layers.Input((41, 4), name="sequence"),
            keras.layers.Conv1D(8, 6, strides=2, padding="same", use_bias=False, name="conv1"),
            keras.layers.BatchNormalization(name="norm"),
            keras.layers.Activation("relu", name="relu"),
            keras.layers.Conv1D(6, 3, padding="causal", activation="tanh", name="conv2"),
            keras.layers.AveragePooling1D(2, name="pool"),
            keras.layers.Flatten(name="flatten"),
            keras.layers.Dropout(0.5, name="dropout"),
            keras.layers.Dense(5, activation="sigmoid", name="dense"),
            keras.layers.Dense(3, activation="sigmoid", name="output"),
        ],
        name="conv1d_keras",
    )
    randomize(model, rng)
    # 41 positions, stride 2: 21 outputs need 46 positions, two more before and three after.
    network = nn.Sequential(
        Pad(2, 3),
        conv(model, "conv1", nn.Conv1d(4, 8, 6, stride=2, bias=False)),
        norm(model, "norm", nn.BatchNorm1d(8, eps=1e-3)),
        nn.ReLU(),
        Pad(2, 0),
        conv(model, "conv2", nn.Conv1d(8, 6, 3)),
        nn.Tanh(),
        nn.AvgPool1d(2),
        Flatten(),
        dense(model, "dense", nn.Linear(60, 5)),
        nn.Sigmoid(),
        dense(model, "output", nn.Linear(5, 3)),
    )
    inputs, references = dna(rng, 4, 41, 2)
    description = "Keras 3 file: same and causal padding, stride, BatchNormalization, average pool, hidden and final sigmoid"
    return keras_case(
        "conv1d_keras", description, network, model, "model.keras", inputs, references, {"t0": index(0), "t2": index(2)}, nn.Sigmoid(), with_onnx=True, hypothetical=True
    )


def conv2d_groups_batchnorm(rng):
    network = nn.Sequential(
        nn.Conv2d(4, 8, 3, stride=2, padding=1, groups=2),
        nn.ReLU(),
        nn.BatchNorm2d(8),  # after the activation, where exporters do not fold it away
        nn.Conv2d(8, 6, (2, 3)),
        nn.Softplus(),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(24, 3),
    )
    shake(network[2], rng)
    inputs, references = images(rng, 3, (11, 13, 4), 2)
    description = "2-D CNN: grouped strided convolution, BatchNorm, softplus, average pool"
    return onnx_case("conv2d_groups_batchnorm", description, network, inputs, references, {"t0": index(0), "t2": index(2)}, legacy=True)


def conv2d_h5_softmax(rng):
    model = keras.Sequential(
        [
            keras.layers.Input((10, 9, 3), name="image"),
            keras.layers.Conv2D(6, 3, strides=2, padding="same", activation="relu", name="conv1"),
            keras.layers.DepthwiseConv2D((2, 3), depth_multiplier=2, activation="tanh", name="depthwise"),
            keras.layers.GlobalAveragePooling2D(name="pool"),
            keras.layers.Dense(4, activation="softmax", name="output"),
        ],
        name="conv2d_h5",
    )
    randomize(model, rng)
    network = nn.Sequential(
        Pad(1, 1, 0, 1),
        conv(model, "conv1", nn.Conv2d(3, 6, 3, stride=2)),
        nn.ReLU(),
        conv(model, "depthwise", nn.Conv2d(6, 12, (2, 3), groups=6), depthwise=True),
        nn.Tanh(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        dense(model, "output", nn.Linear(12, 4)),
    )
    inputs, references = images(rng, 3, (10, 9, 3), 1)
    targets = {"t1": index(1), "d2-0": {"layer": "output", "kind": "diff", "plus": 2, "minus": 0}}
    description = "Keras HDF5 file: asymmetric same padding, depthwise convolution, global average pool, final softmax"
    return keras_case("conv2d_h5_softmax", description, network, model, "model.h5", inputs, references, targets, nn.Softmax(dim=1), with_onnx=True)


def mlp_h5(rng):
    model = keras.Sequential(
        [
            keras.layers.Input((12,), name="features"),
            keras.layers.Dense(9, activation="sigmoid", name="dense1"),
            keras.layers.Dense(7, activation="tanh", name="dense2"),
            keras.layers.Dense(6, activation="relu", name="dense3"),
            keras.layers.Dense(2, name="output"),
        ],
        name="mlp_h5",
    )
    randomize(model, rng)
    network = nn.Sequential(
        dense(model, "dense1", nn.Linear(12, 9)),
        nn.Sigmoid(),
        dense(model, "dense2", nn.Linear(9, 7)),
        nn.Tanh(),
        dense(model, "dense3", nn.Linear(7, 6)),
        nn.ReLU(),
        dense(model, "output", nn.Linear(6, 2)),
    )
    inputs = rng.normal(0, 2, (6, 12)).astype(np.float32)
    references = rng.normal(0, 1, (1, 2, 12)).astype(np.float32)
    # A row that equals a reference, and one that equals it in half of its features.
    inputs[0] = references[0, 0]
    inputs[1, :6] = references[0, 0, :6]
    description = "Keras HDF5 file, dense only: sigmoid, tanh, relu; rows that equal a reference wholly and in part"
    return keras_case("mlp_h5", description, network, model, "model.h5", inputs, references, {"t0": index(0), "t1": index(1)})


# -------------------------------------------------------------------------------------------------------- inputs and weights


def index(number):
    return {"layer": "output", "kind": "index", "index": number}


def dna(rng, rows, length, references):
    """One-hot inputs `[rows, length, 4]` and, per row, references of the same letters in another order."""
    letters = rng.integers(0, 4, (rows, length))
    shuffled = np.stack([[rng.permutation(row) for _ in range(references)] for row in letters])
    return np.eye(4, dtype=np.uint8)[letters], np.eye(4, dtype=np.uint8)[shuffled]


def images(rng, rows, shape, references):
    return rng.uniform(0, 1, (rows, *shape)).astype(np.float32), rng.uniform(0, 0.5, (rows, references, *shape)).astype(np.float32)


def shake(norm_layer, rng):
    """Statistics and scales as training leaves them, one scale negative."""
    for tensor, low, high in (
        (norm_layer.weight, 0.5, 1.5),
        (norm_layer.bias, -0.3, 0.3),
        (norm_layer.running_mean, -0.3, 0.3),
        (norm_layer.running_var, 0.2, 1.0),
    ):
        tensor.data.copy_(torch.from_numpy(rng.uniform(low, high, tuple(tensor.shape))))
    norm_layer.weight.data[0] *= -1


def randomize(model, rng):
    for layer in model.layers:
        values = []
        for weight in layer.weights:
            low, high = (0.3, 1.2) if weight.name in ("gamma", "moving_variance") else (-0.8, 0.8)
            values.append(rng.uniform(low, high, weight.shape))
        layer.set_weights(values)


def conv(model, name, layer, depthwise=False):
    weights = model.get_layer(name).get_weights()
    if depthwise:
        kernel = weights[0].transpose(2, 3, 0, 1)
        kernel = kernel.reshape(-1, 1, *kernel.shape[2:])
    else:
        kernel = np.moveaxis(weights[0], (-1, -2), (0, 1))
    layer.weight.data = torch.from_numpy(np.ascontiguousarray(kernel))
    if len(weights) > 1:
        layer.bias.data = torch.from_numpy(weights[1])
    return layer


def dense(model, name, layer):
    kernel, bias = model.get_layer(name).get_weights()
    layer.weight.data, layer.bias.data = torch.from_numpy(kernel.T.copy()), torch.from_numpy(bias)
    return layer


def norm(model, name, layer):
    values = model.get_layer(name).get_weights()
    for tensor, value in zip((layer.weight, layer.bias, layer.running_mean, layer.running_var), values):
        tensor.data.copy_(torch.from_numpy(value))
    return layer


# -------------------------------------------------------------------------------------------------------------- model files


def onnx_case(name, description, network, inputs, references, targets, legacy=False, outputs=("output",), **more):
    network.eval()
    for parameter in network.parameters():
        parameter.data *= 2.5  # initial weights barely leave the straight part of the activations

    def write(folder):
        file = folder / "model.onnx"
        example = channels_first(inputs[:2])
        if legacy:
            torch.onnx.export(
                network, (example,), file, dynamo=False, opset_version=13, input_names=["input"], output_names=list(outputs), dynamic_axes={"input": {0: "batch"}}
            )
        else:
            dynamic = ({0: torch.export.Dim("batch")},)
            torch.onnx.export(
                network,
                (example,),
                file,
                dynamo=True,
                external_data=False,
                verbose=False,
                input_names=["input"],
                output_names=list(outputs),
                dynamic_shapes=dynamic,
            )
        strip_metadata(file)
        found = predictions_of(file, "input", channels_first(inputs).numpy())
        with torch.no_grad():
            expected = network(channels_first(inputs))
        for one, other in zip(found, expected if isinstance(expected, tuple) else (expected,)):
            check_predictions(name, one, other.numpy())
        producer = f"torch.onnx.export ({'TorchScript' if legacy else 'dynamo'})"
        facts = {"input_layout": "channels_first", "inputs": ["input"], "outputs": list(outputs)}
        return [{"file": file.name, "format": "onnx", "producer": producer, **facts}]

    return Case(name, description, network, write, inputs, references, targets, outputs=list(outputs), **more)


def predictions_of(file, name, inputs):
    return onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"]).run(None, {name: inputs})


def strip_metadata(file):
    """Removes the exporter's stack traces, which name files of the machine that ran it."""
    model = onnx.load(file)
    for holder in (model, model.graph, *model.graph.node, *model.graph.input, *model.graph.output, *model.graph.value_info, *model.graph.initializer):
        del holder.metadata_props[:]
        holder.doc_string = ""
    onnx.save(model, file)


def keras_case(name, description, network, model, file_name, inputs, references, targets, final=nn.Identity(), with_onnx=False, **more):
    network.eval()

    def write(folder):
        with torch.no_grad():
            expected = final(network(channels_first(inputs))).numpy()
        facts = {"input_layout": "channels_last", "inputs": [model.inputs[0].name], "outputs": ["output"]}
        model.save(folder / file_name)
        written = keras.models.load_model(folder / file_name, compile=False)
        check_predictions(name, written.predict(inputs.astype(np.float32), verbose=0), expected)
        models = [{"file": file_name, "format": f"keras {pathlib.Path(file_name).suffix} (Keras {keras.__version__})", **facts}]
        if with_onnx:
            file = folder / "model.onnx"
            model.predict(inputs.astype(np.float32), verbose=0)  # Keras exports only what was called
            model.export(file, format="onnx", verbose=False)
            strip_metadata(file)
            check_predictions(name, predictions_of(file, model.inputs[0].name, inputs.astype(np.float32))[0], expected)
            models.append({"file": file.name, "format": "onnx", "producer": "keras.Model.export (torch backend)", **facts})
        return models

    return Case(name, description, network, write, inputs, references, targets, **more)


def check_predictions(name, found, expected):
    difference = float(np.abs(found - expected).max())
    if difference > PREDICTION_TOLERANCE * max(1.0, float(np.abs(expected).max())):
        raise SystemExit(f"{name}: the written file's predictions differ from the network's by {difference}")


# ------------------------------------------------------------------------------------------------------------- what SHAP says


op_handler.update({module.__name__: linear_1d for module in (Mean, Pad, Flatten)})


class Recording(PyTorchDeep):
    """SHAP's explainer, which also keeps the multipliers of the last pairs, one per reference."""

    def gradient(self, idx, inputs):
        gradients = super().gradient(idx, inputs)
        self.multipliers = gradients[0][len(self.data[0]) :]
        return gradients


def channels_first(array, dtype=torch.float32):
    tensor = torch.from_numpy(np.ascontiguousarray(array)).to(dtype)
    return tensor.movedim(-1, 1).contiguous() if tensor.ndim > 2 else tensor


def explain(case, dtype):
    """Contributions and hypothetical contributions `[outputs, N, ...]`, channels-last, averaged over references."""
    case.network.to(dtype)
    contributions, hypothetical = [], []
    for row in range(len(case.inputs)):
        references = case.references[min(row, len(case.references) - 1)]
        explainer = Recording(case.network, channels_first(references, dtype))
        one = channels_first(case.inputs[row : row + 1], dtype)
        contributions.append([])
        hypothetical.append([])
        for output in range(explainer.num_outputs):
            contributions[-1].append(explain_output(explainer, one, output))
            if case.hypothetical:
                hypothetical[-1].append(hypothetical_of(explainer.multipliers, references))
        check_complete(case, explainer, one, contributions[-1], dtype)
    case.network.to(torch.float32)
    return [np.stack([row[output] for row in contributions]) for output in range(len(contributions[0]))], [
        np.stack([row[output] for row in hypothetical]) for output in range(len(hypothetical[0]))
    ]


def explain_output(explainer, one, output):
    whole, explainer.model = explainer.model, Column(explainer.model, output)
    outputs, explainer.num_outputs = explainer.num_outputs, 1
    try:
        values = explainer.shap_values(one, check_additivity=False)
    finally:
        explainer.model, explainer.num_outputs = whole, outputs
    return np.moveaxis(values[0, ..., 0], 0, -1) if values.ndim > 3 else values[0, ..., 0]


class Column(nn.Module):
    def __init__(self, network, column):
        super().__init__()
        self.network, self.column = network, column

    def forward(self, x):
        return self.network(x)[:, self.column : self.column + 1]


def hypothetical_of(multipliers, references):
    """`m_b - sum_c ref_c m_c` per position, averaged over references; see docs/reading-scores.md."""
    multipliers = np.moveaxis(multipliers, 1, -1)
    return (multipliers - (references * multipliers).sum(axis=-1, keepdims=True)).mean(axis=0)


def check_complete(case, explainer, one, contributions, dtype):
    with torch.no_grad():
        delta = (explainer.model(one) - explainer.model(explainer.data[0]).mean(dim=0))[0].numpy()
    gap = max(abs(float(values.sum()) - delta[output]) for output, values in enumerate(contributions))
    if dtype == torch.float64 and gap > COMPLETENESS:
        raise SystemExit(f"{case.name}: SHAP's scores miss the difference of the predictions by {gap}")


def for_target(arrays, target):
    if target["kind"] == "diff":
        return arrays[target["plus"]] - arrays[target["minus"]]
    return arrays[target.get("column", target["index"])]


def write_case(case, output):
    folder = output / case.name
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    models = case.write(folder)
    np.save(folder / "inputs.npy", case.inputs)
    np.save(folder / "references.npy", case.references)
    exact, single = explain(case, torch.float64), explain(case, torch.float32)
    expected = []
    for rule, precise, rough in zip((case.rule, f"hyp_{case.rule}"), exact, single):
        for target, spec in case.targets.items() if precise else ():
            values = for_target(precise, spec)
            largest = float(np.abs(values).max())
            rounding = float(np.abs(for_target(rough, spec) - values).max())
            file = f"expected_{rule}_{target}.npy"
            np.save(folder / file, values.astype(np.float32))
            expected.append(
                {
                    "files": [file],
                    "rule": rule,
                    "target": target,
                    "atol": float(f"{max(2e-5 * largest, 4 * rounding):.2g}"),
                    "max_abs_expected": float(f"{largest:.4g}"),
                }
            )
    write_json(case, models, expected, folder)
    print(f"{case.name}: {len(expected)} arrays, {sum(f.stat().st_size for f in folder.iterdir())} bytes")


def write_json(case, models, expected, folder):
    packages = ("shap", "torch", "keras", "onnx", "onnxscript", "onnxruntime", "numpy")
    facts = {
        "case": case.name,
        "description": case.description,
        "layout": "channels_last arrays: (N, length, channels) or (N, height, width, channels)",
        "models": models,
        "inputs": [{"file": "inputs.npy", "name": models[0]["inputs"][0], "shape": list(case.inputs.shape)}],
        "references": [{"file": "references.npy", "shape": list(case.references.shape)}],
        "targets": {name: {**spec, "definition": KINDS[spec["kind"]]} for name, spec in case.targets.items()},
        "golden_peer": "shap DeepExplainer (PyTorch), float64",
        "script": "scripts/golden/shap_cases.py",
        "versions": {"python": platform.python_version(), **{name: importlib.metadata.version(name) for name in packages}},
        "expected": expected,
    }
    (folder / "case.json").write_text(json.dumps(facts, indent=1) + "\n")


if __name__ == "__main__":
    main()
