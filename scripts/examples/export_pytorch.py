"""Writes a PyTorch network as ONNX for deeplift-spark, and arrays to check it with.

usage: python scripts/examples/export_pytorch.py [--exporter dynamo|torchscript] [--output pytorch-example]

Needs torch, onnxruntime and, for the dynamo exporter, onnxscript.
"""

import argparse
import pathlib

import numpy as np
import onnxruntime
import torch
from torch import nn


class MotifNet(nn.Module):
    """Put your own network here. Its forward pass ends at the logits: that is what is explained."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(4, 16, 11, padding="same"),
            nn.ReLU(),
            nn.BatchNorm1d(16),
            nn.MaxPool1d(4),
            nn.Conv1d(16, 16, 3, dilation=2),
            nn.ReLU(),
        )
        self.head = nn.Linear(16, 2)

    def forward(self, sequence):  # [batch, 4, length]
        return self.head(self.body(sequence).mean(dim=-1))


def export(network, example, path, exporter):
    network.eval()  # dropout off, batch normalization with its stored statistics
    if exporter == "dynamo":
        torch.onnx.export(
            network,
            (example,),
            path,
            dynamo=True,
            external_data=False,  # one file
            input_names=["sequence"],
            output_names=["logits"],
            dynamic_shapes=({0: torch.export.Dim("batch")},),
        )
    else:
        torch.onnx.export(
            network,
            (example,),
            path,
            dynamo=False,
            opset_version=17,
            input_names=["sequence"],
            output_names=["logits"],
            dynamic_axes={"sequence": {0: "batch"}},
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exporter", choices=["dynamo", "torchscript"], default="dynamo")
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("pytorch-example"))
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    network = MotifNet()

    one_hot = np.eye(4, dtype=np.float32)[np.random.default_rng(1).integers(0, 4, (8, 200))]  # [rows, length, 4]
    channels_first = torch.from_numpy(one_hot).movedim(-1, 1).contiguous()
    export(network, channels_first, arguments.output / "model.onnx", arguments.exporter)

    with torch.no_grad():
        expected = network(channels_first).numpy()
    session = onnxruntime.InferenceSession(arguments.output / "model.onnx", providers=["CPUExecutionProvider"])
    found = session.run(None, {"sequence": channels_first.numpy()})[0]
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)

    # Arrays for deeplift-spark are channels-last, whatever the model's layout.
    np.save(arguments.output / "inputs.npy", one_hot)
    np.save(arguments.output / "references.npy", np.zeros((1, 1, 200, 4), dtype=np.float32))
    np.save(arguments.output / "predictions.npy", expected)
    print(f"{arguments.output}/model.onnx: predictions differ by at most {np.abs(found - expected).max():.1e}")


if __name__ == "__main__":
    main()
