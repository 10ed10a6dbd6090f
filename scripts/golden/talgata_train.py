"""Trains the demo's network and writes it with its sequences.

usage: KERAS_BACKEND=torch python scripts/golden/talgata_train.py [--output spark-job/src/main/resources/demo]

Writes talgata.keras (the network of the DeepLIFT paper: two convolutions of 50 filters 11 wide, global average pooling,
dense 50, dense 3), sequences.fa (held-out sequences, with the planted motifs in their descriptions) and talgata.json (auROC on
held-out sequences, seeds, versions). Needs numpy and keras with a backend; takes a few minutes on two cores.
"""

import argparse
import importlib.metadata
import json
import os
import pathlib
import platform

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np

from talgata_simulate import LENGTH, TASKS, arrays, simulate, write_fasta

SEED = 20170804
TRAIN, VALIDATION, TEST = 16000, 800, 2000
DEMO_SEQUENCES = 400
MIN_AUROC = 0.95


def network():
    return keras.Sequential(
        [
            keras.layers.Input((LENGTH, 4), name="sequence"),
            keras.layers.Conv1D(50, 11, activation="relu", name="conv1"),
            keras.layers.Conv1D(50, 11, activation="relu", name="conv2"),
            keras.layers.GlobalAveragePooling1D(name="pool"),
            keras.layers.Dense(50, activation="relu", name="dense1"),
            keras.layers.Dropout(0.2, name="dropout"),
            keras.layers.Dense(len(TASKS), activation="sigmoid", name="tasks"),
        ],
        name="talgata",
    )


def auroc(labels, scores):
    """Area under the ROC curve: the share of (positive, negative) pairs in the right order, ties counting half."""
    positives, negatives = np.sort(scores[labels == 1]), np.sort(scores[labels == 0])
    below = np.searchsorted(negatives, positives, side="left").sum()
    tied = np.searchsorted(negatives, positives, side="right").sum() - below
    return float((below + tied / 2) / (len(positives) * len(negatives)))


def by_class(sequences):
    """Both motifs first, then GATA1 alone, TAL1 alone, none."""
    return sorted(sequences, key=lambda sequence: tuple(-sequence.labels))


def versions():
    backend = keras.backend.backend()
    packages = {name: importlib.metadata.version(name) for name in ("keras", "numpy", "torch" if backend == "torch" else "tensorflow")}
    return {"python": platform.python_version(), "keras_backend": backend, **packages}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = pathlib.Path(__file__).resolve().parents[2] / "spark-job/src/main/resources/demo"
    parser.add_argument("--output", type=pathlib.Path, default=default)
    output = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)

    keras.utils.set_random_seed(SEED)
    rng = np.random.default_rng(SEED)
    train, validation, test = (simulate(count, rng) for count in (TRAIN, VALIDATION, TEST))
    model = network()
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="binary_crossentropy")
    history = model.fit(
        *arrays(train),
        validation_data=arrays(validation),
        batch_size=64,
        epochs=30,
        verbose=2,
        callbacks=[
            keras.callbacks.ReduceLROnPlateau(patience=2, factor=0.3),
            keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True),
        ],
    )

    inputs, labels = arrays(test)
    scores = model.predict(inputs, batch_size=256, verbose=0)
    areas = {task: round(auroc(labels[:, i], scores[:, i]), 4) for i, task in enumerate(TASKS)}
    print("auROC", areas)
    if min(areas.values()) <= MIN_AUROC:
        raise SystemExit(f"auROC {areas} is not above {MIN_AUROC}: nothing written")

    # A network that was not compiled is written without the optimizer's state, which only further training needs.
    plain = network()
    plain.set_weights(model.get_weights())
    plain.save(output / "talgata.keras")
    write_fasta(by_class(test[:DEMO_SEQUENCES]), output / "sequences.fa")
    facts = {
        "model": "talgata.keras",
        "tasks": list(TASKS),
        "auroc": areas,
        "sequences": {"train": TRAIN, "validation": VALIDATION, "held_out": TEST, "in_sequences.fa": DEMO_SEQUENCES},
        "parameters": model.count_params(),
        "epochs": len(history.history["loss"]),
        "seed": SEED,
        "versions": versions(),
    }
    (output / "talgata.json").write_text(json.dumps(facts, indent=2) + "\n")


if __name__ == "__main__":
    main()
