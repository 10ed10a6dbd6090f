"""Compares a framework's predictions with those of `scripts/deeplift attribute`.

usage: python scripts/examples/check_predictions.py FOLDER UNIT

FOLDER holds predictions.npy, which export_pytorch.py or export_keras.py wrote, and scores/predictions.npy, which `attribute` wrote
for output unit UNIT. Exit status 1 if they differ by more than 1e-4 of the largest.
"""

import pathlib
import sys

import numpy as np


def main():
    folder, unit = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    expected = np.load(folder / "predictions.npy")[:, unit]
    found = np.load(folder / "scores" / "predictions.npy")
    difference = float(np.abs(found - expected).max())
    print(f"{len(found)} predictions, largest difference {difference:.1e}")
    return 1 if not difference <= 1e-4 * np.abs(expected).max() else 0


if __name__ == "__main__":
    sys.exit(main())
