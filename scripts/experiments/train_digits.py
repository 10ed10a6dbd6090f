"""Trains the experiments' own networks on digits that it draws, and writes both.

usage: KERAS_BACKEND=torch python scripts/experiments/train_digits.py [--output scripts/experiments/data]

Digits of 14 x 14 pixels are drawn from strokes, then shifted, sheared, scaled and blurred at random: like MNIST, but nobody's.
Writes digits.npy (400 test pictures, uint8), labels.npy, and for each of relu, tanh, sigmoid, softplus an mlp-*.keras (two hidden
layers) and a cnn-*.keras (two convolutions, one hidden layer), with digits.json (test accuracy, seed, versions). Needs numpy
and keras with a backend; takes two minutes on two cores.
"""

import argparse
import importlib.metadata
import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np

SEED = 20180216
SIDE = 14
TRAIN, TEST = 6000, 400
ACTIVATIONS = ("relu", "tanh", "sigmoid", "softplus")
MIN_ACCURACY = 0.9

# Strokes in a box of 1 x 1, x to the right, y down: polylines; arcs as (centre x, centre y, radius x, radius y, from, to) in turns.
STROKES = {
    0: [(0.5, 0.5, 0.32, 0.45, 0.0, 1.0)],
    1: [[(0.35, 0.2), (0.55, 0.05), (0.55, 0.95)]],
    2: [(0.5, 0.3, 0.3, 0.25, 0.5, 1.1), [(0.74, 0.45), (0.2, 0.95), (0.8, 0.95)]],
    3: [(0.45, 0.28, 0.3, 0.23, 0.55, 1.25), (0.45, 0.72, 0.33, 0.23, -0.25, 0.45)],
    4: [[(0.65, 0.95), (0.65, 0.05), (0.15, 0.65), (0.85, 0.65)]],
    5: [[(0.75, 0.07), (0.3, 0.07), (0.27, 0.45)], (0.45, 0.67, 0.32, 0.27, -0.3, 0.42)],
    6: [[(0.65, 0.05), (0.35, 0.35), (0.2, 0.65)], (0.5, 0.7, 0.3, 0.25, 0.0, 1.0)],
    7: [[(0.15, 0.07), (0.8, 0.07), (0.4, 0.95)]],
    8: [(0.5, 0.28, 0.26, 0.22, 0.0, 1.0), (0.5, 0.73, 0.31, 0.23, 0.0, 1.0)],
    9: [(0.5, 0.3, 0.28, 0.25, 0.0, 1.0), [(0.78, 0.3), (0.72, 0.6), (0.55, 0.95)]],
}


def points(strokes, random):
    """Points along the strokes of a digit, jittered as a hand would."""
    found = []
    for stroke in strokes:
        if isinstance(stroke, tuple):
            x, y, rx, ry, start, end = stroke
            turn = 2 * np.pi * np.linspace(start, end, 60)
            scale = random.normal(1, 0.08, 2)
            found.append(np.stack([x + scale[0] * rx * np.cos(turn), y + scale[1] * ry * np.sin(turn)], axis=1))
        else:
            corners = np.array(stroke) + random.normal(0, 0.03, (len(stroke), 2))
            for a, b in zip(corners, corners[1:]):
                found.append(a + np.linspace(0, 1, 40)[:, None] * (b - a))
    return np.concatenate(found)


def draw(digit, random):
    """One picture, 0 to 255."""
    at = points(STROKES[digit], random) - 0.5
    turn, shear = random.normal(0, 0.12), random.normal(0, 0.15)
    at = at @ np.array([[np.cos(turn), np.sin(turn)], [shear - np.sin(turn), np.cos(turn)]])
    at = at * (SIDE - 4) * random.uniform(0.85, 1.05, 2) + SIDE / 2 - 0.5 + random.normal(0, 0.5, 2)
    grid = np.arange(SIDE)
    width = random.uniform(0.55, 0.85)
    dx = (grid[None, :] - at[:, :1]) ** 2
    dy = (grid[None, :] - at[:, 1:]) ** 2
    ink = np.exp(-(dy[:, :, None] + dx[:, None, :]) / (2 * width**2)).max(axis=0)
    return np.where(ink < 0.1, 0, np.round(255 * ink)).astype(np.uint8)


def pictures(count, random):
    labels = np.arange(count) % 10
    random.shuffle(labels)
    return np.stack([draw(label, random) for label in labels])[..., None], labels.astype(np.uint8)


def network(kind, activation):
    layers = keras.layers
    hidden = [
        layers.Dense(32, activation=activation, name="dense1"),
        layers.Dense(32, activation=activation, name="dense2"),
    ]
    if kind == "cnn":
        hidden = [
            layers.Conv2D(8, 3, strides=2, activation=activation, name="conv1"),
            layers.Conv2D(12, 3, activation=activation, name="conv2"),
            layers.Flatten(name="flat"),
            layers.Dense(32, activation=activation, name="dense1"),
        ]
    else:
        hidden = [layers.Flatten(name="flat"), *hidden]
    return keras.Sequential(
        [layers.Input((SIDE, SIDE, 1), name="pixels"), *hidden, layers.Dense(10, activation="softmax", name="digits")]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("scripts/experiments/data"))
    output = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(SEED)
    x, y = pictures(TRAIN, random)
    test_x, test_y = pictures(TEST, random)
    np.save(output / "digits.npy", test_x)
    np.save(output / "labels.npy", test_y)
    accuracy = {}
    for kind in ("mlp", "cnn"):
        for activation in ACTIVATIONS:
            keras.utils.set_random_seed(SEED)
            model = network(kind, activation)
            model.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
            model.fit(x / 255.0, y, batch_size=64, epochs=15, verbose=0)
            name = f"{kind}-{activation}"
            accuracy[name] = round(float(model.evaluate(test_x / 255.0, test_y, verbose=0)[1]), 4)
            print(name, accuracy[name], flush=True)
            if accuracy[name] < MIN_ACCURACY:
                raise SystemExit(f"{name} got {accuracy[name]} right, expected {MIN_ACCURACY}: nothing to explain")
            bare = network(kind, activation)  # without the optimizer's state
            bare.set_weights(model.get_weights())
            bare.save(output / f"{name}.keras")
    versions = {package: importlib.metadata.version(package) for package in ("keras", "numpy", "torch")}
    report = {"accuracy": accuracy, "seed": SEED, "train": TRAIN, "test": TEST, "versions": versions}
    (output / "digits.json").write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
