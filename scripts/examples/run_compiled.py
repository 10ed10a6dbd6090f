"""Runs what `scripts/deeplift compile` wrote with onnxruntime, and compares it with what `attribute` wrote.

usage: python scripts/examples/run_compiled.py deeplift.onnx inputs.npy references.npy [SCORES]

inputs.npy is [rows, shape...] and references.npy [1 or rows, R, shape...], channels last. SCORES is the folder that `attribute` wrote for
the same arrays. Exit status 1 if the contributions differ by more than 1e-5 of the largest. Needs numpy and onnxruntime; where onnx
is installed, its checker judges the file.
"""

import pathlib
import sys

import numpy as np
import onnxruntime


def explain(session, x, references):
    """Contributions [shape...] of one row x [shape...] against references [R, shape...]."""
    outputs = session.run(
        ["contributions", "prediction", "reference_prediction", "convergence_delta"],
        {"input": x[None], "reference": references},
    )
    contributions, prediction, reference_prediction, delta = outputs
    assert np.isclose(contributions.sum(), prediction[0] - reference_prediction.mean() + delta.mean(), atol=1e-4)
    return contributions[0], float(np.abs(delta).max())


def check(path):
    try:
        import onnx
    except ImportError:
        return
    onnx.checker.check_model(path, full_check=True)
    print("onnx.checker: passed")


def channels_first(session, shape):
    """Whether the file's input is laid out other than [rows, shape...], that is with the channels in front."""
    return session.get_inputs()[0].shape[1:] != list(shape)


def main():
    path, inputs, references = sys.argv[1], *(np.load(file).astype(np.float32) for file in sys.argv[2:4])
    check(path)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    print(session.get_modelmeta().custom_metadata_map)
    first = channels_first(session, inputs.shape[1:])
    found = []
    for row, x in enumerate(inputs):
        of_row = references[row if len(references) > 1 else 0]
        if first:
            x, of_row = np.moveaxis(x, -1, 0), np.moveaxis(of_row, -1, 1)
        contributions, delta = explain(session, np.ascontiguousarray(x), np.ascontiguousarray(of_row))
        found.append(np.moveaxis(contributions, 0, -1) if first else contributions)
        print(f"row {row}: sum of contributions {contributions.sum():.6f}, largest |convergence delta| {delta:.1e}")
    if len(sys.argv) < 5:
        return 0
    expected = np.load(pathlib.Path(sys.argv[4]) / "contributions.npy")
    difference = float(np.abs(np.stack(found) - expected).max())
    print(f"largest difference from attribute {difference:.1e}, largest contribution {np.abs(expected).max():.1e}")
    return 1 if not difference <= 1e-5 * np.abs(expected).max() else 0


if __name__ == "__main__":
    sys.exit(main())
