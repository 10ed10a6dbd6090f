"""Networks around PyTorch's own attention layers, for onnx_torch_models.py. Exported, they hold the batch in the second axis,
and merged with the heads, whichever way batch_first is set."""

import torch
from torch import nn


class EncoderNet(nn.Module):
    """A layer or convolution, nn.TransformerEncoder or one layer of it, the mean over positions, a layer."""

    def __init__(self, layers, conv, **options):
        super().__init__()
        self.first = nn.Conv1d(4, 8, 3, padding=1) if conv else nn.Linear(4, 8)
        layer = nn.TransformerEncoderLayer(8, 2, 12, **options)
        self.encoder = nn.TransformerEncoder(layer, layers) if layers > 1 else layer
        self.dense = nn.Linear(8, 2)
        self.conv, self.turned = conv, not options.get("batch_first", False)

    def forward(self, x):
        x = self.first(x.transpose(1, 2)).transpose(1, 2) if self.conv else self.first(x)
        x = self.encoder(x.transpose(0, 1)).transpose(0, 1) if self.turned else self.encoder(x)
        return self.dense(x.mean(dim=1))


class MultiheadNet(nn.Module):
    """Self attention alone, added to its input."""

    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(4, 2)
        self.dense = nn.Linear(4, 2)

    def forward(self, x):
        x = x.transpose(0, 1)
        attended, _ = self.attention(x, x, x, need_weights=False)
        return self.dense((x + attended).mean(dim=0))


def shaken(net):
    """Biases and norms start as zeros and ones, which would hide mistakes."""
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.add_(0.2 * torch.randn_like(parameter))
    return net


def EncoderBatchFirst():
    return shaken(EncoderNet(1, conv=False, batch_first=True))


def EncoderBatchFirstNormFirst():
    return shaken(EncoderNet(2, conv=True, batch_first=True, norm_first=True, activation="gelu"))


def EncoderBatchSecond():
    return shaken(EncoderNet(2, conv=True, activation="gelu"))


def EncoderBatchSecondNormFirst():
    return shaken(EncoderNet(1, conv=False, norm_first=True))


def Multihead():
    return shaken(MultiheadNet())


SHAPE = {"x": ((6, 4), False)}
ENCODERS = [
    (make, SHAPE, {"y": False})
    for make in (EncoderBatchFirst, EncoderBatchFirstNormFirst, EncoderBatchSecond, EncoderBatchSecondNormFirst, Multihead)
]
