"""PyTorch networks for onnx_models.py, each exported by both of torch.onnx's exporters, with an open batch axis and a fixed one."""

import logging
import warnings

import torch
import torch.nn.functional as F
from onnx_torch_encoders import ENCODERS
from torch import nn


class SequenceNet(nn.Module):
    """Convolution, batch normalisation, pools, a branch joined again, view by the batch size."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(4, 6, 5, padding="same")
        self.norm = nn.BatchNorm1d(6)
        self.left = nn.Conv1d(6, 3, 3, padding=1)
        self.right = nn.Conv1d(6, 3, 1)
        self.pool = nn.MaxPool1d(3, ceil_mode=True)
        self.drop = nn.Dropout(0.5)
        self.dense = nn.Linear(42, 3)

    def forward(self, x):
        x = self.pool(F.relu(self.norm(self.conv(x))))
        x = torch.cat([torch.sigmoid(self.left(x)), self.right(x)], dim=1)
        return self.dense(self.drop(x.view(x.size(0), -1)))


class ImageNet(nn.Module):
    """Residual block, depthwise convolution, adaptive pool, softmax."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(4)
        self.depthwise = nn.Conv2d(4, 4, 3, padding=1, groups=4)
        self.average = nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True)
        self.dense = nn.Linear(4, 5)

    def forward(self, x):
        x = F.relu6(self.norm(self.stem(x)))
        x = F.relu(x + self.depthwise(x))
        x = F.adaptive_avg_pool2d(self.average(x), 1)
        return F.softmax(self.dense(torch.flatten(x, 1)), dim=-1)


class ProfileNet(nn.Module):
    """Dilated convolutions with cropped residuals, a profile head and a count head."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv1d(4, 5, 7)
        self.dilated = nn.ModuleList(nn.Conv1d(5, 5, 3, dilation=2**i) for i in range(3))
        self.profile = nn.Conv1d(5, 2, 5)
        self.count = nn.Linear(5, 1)

    def forward(self, x):
        x = F.relu(self.first(x))
        for conv in self.dilated:
            y = F.relu(conv(x))
            crop = (x.shape[-1] - y.shape[-1]) // 2
            x = x[:, :, crop:-crop] + y
        return self.profile(x), self.count(x.mean(dim=2))


class ChannelsLastNet(nn.Module):
    """Takes [length, letters] and turns it; pads, splits, picks a position."""

    def __init__(self):
        super().__init__()
        self.conv = nn.utils.parametrizations.weight_norm(nn.Conv1d(4, 6, 3))
        self.conv2 = nn.Conv1d(3, 3, 3)
        self.dense = nn.Linear(3, 2)

    def forward(self, x):
        x = self.conv(F.pad(x.permute(0, 2, 1), (2, 1)))
        a, b = x.chunk(2, dim=1)
        x = self.conv2(a * torch.sigmoid(b))
        return self.dense(x[:, :, 3]) - self.dense(x.amax(dim=-1)) * 0.5


class LettersAsImageNet(nn.Module):
    """Basset's form in PyTorch: letters are channels of an image one pixel wide."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 6, (5, 1))
        self.dense = nn.Linear(6 * 5, 2)

    def forward(self, x):
        x = F.max_pool2d(F.elu(self.conv(x.unsqueeze(3))), (3, 1))
        return self.dense(x.squeeze(3).reshape(-1, 30))


class ActivationNet(nn.Module):
    """A dense layer for each activation that PyTorch users write."""

    def __init__(self):
        super().__init__()
        self.functions = [F.gelu, lambda x: F.gelu(x, approximate="tanh"), F.silu, F.softplus, F.mish, F.selu, F.softsign,
                          F.leaky_relu, torch.tanh, lambda x: F.elu(x, 0.6), torch.exp]
        self.layers = nn.ModuleList(nn.Linear(5, 5) for _ in self.functions)
        self.prelu = nn.PReLU(5)

    def forward(self, x):
        for layer, function in zip(self.layers, self.functions):
            x = x + function(layer(x) * 0.5)
        return self.prelu(x)


class TransformerNet(nn.Module):
    """An encoder layer with two heads over positions, normalised after each sum."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(4, 8)
        self.project = nn.Linear(8, 24)
        self.join = nn.Linear(8, 8)
        self.norm = nn.LayerNorm(8)
        self.norm2 = nn.LayerNorm(8)
        self.wide = nn.Linear(8, 16)
        self.narrow = nn.Linear(16, 8)
        self.dense = nn.Linear(8, 2)

    def forward(self, x):
        x = self.embed(x)
        q, k, v = (part.view(-1, 10, 2, 4).transpose(1, 2) for part in self.project(x).chunk(3, dim=-1))
        attended = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(-1, 10, 8)
        x = self.norm(x + self.join(attended))
        x = self.norm2(x + self.narrow(F.gelu(self.wide(x))))
        return self.dense(x.mean(dim=1))


NETS = [
    (SequenceNet, {"x": ((4, 20), True)}, {"y": False}),
    (ImageNet, {"x": ((3, 13, 11), True)}, {"y": False}),
    (ProfileNet, {"x": ((4, 40), True)}, {"profile": True, "count": False}),
    (ChannelsLastNet, {"x": ((20, 4), False)}, {"y": False}),
    (LettersAsImageNet, {"x": ((4, 20), True)}, {"y": False}),
    (TransformerNet, {"x": ((10, 4), False)}, {"y": False}),
    (ActivationNet, {"x": ((5,), False)}, {"y": False}),
    *ENCODERS,
]


def trained(make):
    """Random weights, and batch statistics that are not the defaults."""
    torch.manual_seed(7)
    net = make().eval()
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
                module.running_mean.normal_()
                module.running_var.uniform_(0.5, 2)
                module.weight.uniform_(0.5, 1.5)
                module.bias.normal_()
    return net


def exporter(make, inputs, outputs, dynamo, open_batch):
    def export(path):
        (name, (shape, _)), = inputs.items()
        example = torch.randn(2 if open_batch else 1, *shape)
        options = {"opset_version": 17}
        if dynamo:
            options = {"dynamo": True, "dynamic_shapes": ({0: torch.export.Dim("batch")},) if open_batch else None, "external_data": False}
        else:
            options |= {"dynamo": False, "dynamic_axes": {k: {0: "batch"} for k in [name, *outputs]} if open_batch else None}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            logging.getLogger("torch.onnx").setLevel(logging.ERROR)
            torch.onnx.export(trained(make), (example,), str(path), input_names=[name], output_names=list(outputs), **options)

    return export


TORCH_CASES = [
    (
        f"torch_{make.__name__}_{'dynamo' if dynamo else 'script'}{'' if open_batch else '_batch_of_one'}",
        exporter(make, inputs, outputs, dynamo, open_batch),
        inputs,
        outputs,
        "batch" if open_batch else 1,
    )
    for make, inputs, outputs in NETS
    for dynamo in (True, False)
    for open_batch in (True, False)
]
