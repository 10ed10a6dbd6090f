#!/usr/bin/env python3
"""Writes the ONNX fixtures of engine/src/test/resources/golden/onnx: NAME.onnx and, beside it, NAME.json with inputs and what
ONNX Runtime predicts for them (channels-last, three examples, rows of a fixed batch run apart).

Needs onnx, onnxruntime, onnxscript and torch; the versions that were used are in each NAME.json.
Run from the project root: python3 scripts/golden/onnx_models.py [NAME...]
"""

import json
import os
import sys
import zlib
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import onnx_further_models
import torch
from onnx import TensorProto, helper, numpy_helper
from onnx_torch_models import TORCH_CASES

FOLDER = Path("engine/src/test/resources/golden/onnx")
ROWS = 3


class Net:
    """Collects nodes and weights of one hand-made model; weights come from a generator seeded by the model's name."""

    def __init__(self, name, opset, inputs, batch="N", ir_version=8):
        self.name, self.opset, self.batch, self.ir_version = name, opset, batch, ir_version
        self.inputs, self.nodes, self.initializers, self.outputs = inputs, [], [], {}
        self.random = np.random.default_rng(zlib.crc32(name.encode()))
        self.layouts, self.external, self.listed = {}, None, []

    def weight(self, *shape, scale=0.5):
        return self.constant((self.random.standard_normal(shape) * scale).astype(np.float32))

    def constant(self, array, name=None):
        name = name or f"w{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def ints(self, *values):
        return self.constant(np.array(values, np.int64))

    def op(self, op_type, *inputs, out=1, name=None, **attributes):
        """Adds a node; returns the name of its output, or a list of them."""
        stem = f"{op_type.lower()}{len(self.nodes)}"
        outputs = [stem if out == 1 else f"{stem}_{i}" for i in range(out)]
        self.nodes.append(helper.make_node(op_type, list(inputs), outputs, name=stem if name is None else name, **attributes))
        return outputs[0] if out == 1 else outputs

    def output(self, *tensors, first=False):
        """Declares outputs; first says that axis 1 holds channels that users count as the last axis."""
        for tensor in tensors:
            self.outputs[tensor] = first

    def model(self):
        infos = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [self.batch, *shape]) for n, (shape, _) in self.inputs.items()]
        infos += [helper.make_tensor_value_info(t.name, t.data_type, t.dims) for t in self.initializers if t.name in self.listed]
        # Outputs get their shapes by inference.
        outputs = [helper.make_tensor_value_info(t, TensorProto.FLOAT, None) for t in self.outputs]
        graph = helper.make_graph(self.nodes, self.name, infos, outputs, self.initializers)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=self.ir_version)
        return onnx.shape_inference.infer_shapes(model, data_prop=True)


CASES = []


def case(opset, batch="N", ir_version=8, **inputs):
    """Makes a function of a Net a case, once per opset. An input is a shape without batch axis and whether channels are first."""

    def register(build):
        for version in opset if isinstance(opset, tuple) else (opset,):
            name = build.__name__ + (f"_opset{version}" if isinstance(opset, tuple) else "")
            CASES.append((build, Net(name, version, inputs, batch, ir_version)))
        return build

    return register


SEQUENCE = ((4, 20), True)
IMAGE = ((3, 9, 8), True)
FEATURES = ((6,), False)


@case((7, 11, 21), seq=SEQUENCE)
def conv_1d_auto_pad(n):
    a = n.op("Conv", "seq", n.weight(6, 4, 5), n.weight(6), auto_pad="SAME_UPPER", strides=[2])
    b = n.op("Conv", n.op("Relu", a), n.weight(6, 6, 2), auto_pad="SAME_LOWER", kernel_shape=[2])
    c = n.op("Conv", b, n.weight(4, 3, 3), n.weight(4), auto_pad="VALID", group=2)
    d = n.op("Conv", "seq", n.weight(2, 4, 3), pads=[4, 1], dilations=[3], strides=[3])
    n.output(a, b, c, d, first=True)


@case(11, image=IMAGE)
def conv_2d(n):
    a = n.op("Conv", "image", n.weight(6, 3, 3, 2), n.weight(6), pads=[0, 1, 2, 0], strides=[2, 1])
    b = n.op("Conv", n.op("Tanh", a), n.weight(6, 1, 3, 3), n.weight(6), pads=[1, 1, 1, 1], group=6)
    c = n.op("Conv", b, n.weight(4, 6, 1, 1), dilations=[1, 1])
    d = n.op("Conv", "image", n.weight(2, 3, 3, 3), auto_pad="SAME_UPPER", strides=[3, 2])
    n.output(b, c, d, first=True)


@case(13, volume=((2, 4, 5, 3), True))
def conv_3d(n):
    a = n.op("Conv", "volume", n.weight(3, 2, 2, 3, 1), n.weight(3), pads=[0, 1, 0, 1, 1, 0])
    b = n.op("MaxPool", n.op("Relu", a), kernel_shape=[2, 2, 2])
    n.output(a, first=True)
    n.output(n.op("Gemm", n.op("Flatten", b), n.weight(4, 72), transB=1))


@case((11, 19), seq=((3, 11), True))
def pools_ceil(n):
    for mode in (0, 1):
        n.output(n.op("AveragePool", "seq", kernel_shape=[3], strides=[2], pads=[1, 1], ceil_mode=1, count_include_pad=mode), first=True)
        n.output(n.op("AveragePool", "seq", kernel_shape=[4], strides=[3], pads=[0, 2], count_include_pad=mode), first=True)
        n.output(n.op("AveragePool", "seq", kernel_shape=[4], strides=[4], ceil_mode=1, count_include_pad=mode), first=True)
    n.output(n.op("MaxPool", "seq", kernel_shape=[4], strides=[3], ceil_mode=1), first=True)
    n.output(n.op("MaxPool", "seq", kernel_shape=[2], strides=[3], pads=[1, 1], ceil_mode=1), first=True)


@case((7, 12), image=IMAGE)
def pools_2d(n):
    n.output(n.op("MaxPool", "image", kernel_shape=[2, 3], strides=[2, 2], auto_pad="SAME_UPPER"), first=True)
    n.output(n.op("MaxPool", "image", kernel_shape=[3, 3], strides=[2, 1], auto_pad="SAME_LOWER"), first=True)
    n.output(n.op("AveragePool", "image", kernel_shape=[3, 2], strides=[2, 1], auto_pad="SAME_UPPER"), first=True)
    n.output(n.op("AveragePool", "image", kernel_shape=[3, 2], pads=[1, 0, 1, 1], count_include_pad=1), first=True)
    n.output(n.op("MaxPool", "image", kernel_shape=[2, 2], auto_pad="VALID"), first=True)
    n.output(n.op("GlobalAveragePool", "image"), n.op("GlobalMaxPool", "image"), first=True)


@case((7, 13), x=FEATURES)
def gemm(n):
    a = n.op("Gemm", "x", n.weight(5, 6), n.weight(5), transB=1, alpha=0.5, beta=2.0)
    b = n.op("Gemm", a, n.weight(5, 4), n.constant(np.float32(0.25)))
    c = n.op("Gemm", b, n.weight(4, 3), n.weight(1, 3), beta=-1.0)
    n.output(a, b, n.op("Gemm", c, n.weight(3, 3), n.weight(1)))


@case(11, x=FEATURES)
def gemm_without_bias(n):
    n.output(n.op("Gemm", "x", n.weight(5, 6), transB=1))


@case(13, x=FEATURES, seq=((7, 4), False))
def matmul(n):
    biased = n.op("Add", n.op("MatMul", "x", n.weight(6, 5)), n.weight(5))
    n.output(biased, n.op("Add", n.weight(1, 3), n.op("MatMul", biased, n.weight(5, 3))))
    plain = n.op("MatMul", "seq", n.weight(4, 5))
    n.output(plain, n.op("Add", plain, n.weight(7, 1)), n.op("Add", n.op("MatMul", "seq", n.weight(1, 4, 2)), n.weight(2)))
    n.output(n.op("MatMul", "seq", n.weight(4)), n.op("MatMul", n.weight(3, 7), "seq"), n.op("MatMul", "x", n.weight(6)))
    n.layouts["seq"] = "channels-last"


@case((7, 9, 14, 15), seq=SEQUENCE, x=FEATURES)
def batch_normalization(n):
    def norm(x, channels, **attributes):
        scale, shift, mean = n.weight(channels), n.weight(channels), n.weight(channels)
        variance = n.constant(n.random.uniform(0.5, 2, channels).astype(np.float32))
        return n.op("BatchNormalization", x, scale, shift, mean, variance, **attributes)

    n.output(norm("seq", 4, epsilon=0.01, momentum=0.9), first=True)
    n.output(norm("x", 6))


@case((7, 13), seq=SEQUENCE)
def conv_and_bias_added(n):
    a = n.op("Add", n.op("Conv", "seq", n.weight(5, 4, 3)), n.weight(1, 5, 1))
    b = n.op("Add", n.weight(5, 1), n.op("Conv", a, n.weight(5, 5, 3)))
    per_cell = n.op("Add", n.op("Conv", b, n.weight(2, 5, 3)), n.weight(2, 14))
    n.output(a, b, per_cell, first=True)


@case((11, 13), x=((3, 5, 2), False))
def softmax(n):
    n.layouts["x"] = "channels-last"
    axes = (1, 2, 3, -1, -2)
    n.output(*[n.op("Softmax", "x", axis=axis) for axis in axes], n.op("Softmax", "x"))


@case((7, 13), x=((4, 3), False))
def activations(n):
    n.layouts["x"] = "channels-last"
    for op_type in ("Relu", "Sigmoid", "Tanh", "Softplus", "Softsign", "Exp", "Selu", "Elu", "LeakyRelu", "Neg"):
        n.output(n.op(op_type, "x"))
    n.output(n.op("Elu", "x", alpha=0.7), n.op("LeakyRelu", "x", alpha=0.2), n.op("PRelu", "x", n.weight(3)))
    n.output(n.op("PRelu", "x", n.weight(4, 1)), n.op("PRelu", "x", n.weight(1)))


@case(14, x=FEATURES)
def activations_hard(n):
    n.output(n.op("Celu", "x"), n.op("Celu", "x", alpha=0.6), n.op("HardSigmoid", "x"), n.op("HardSigmoid", "x", alpha=0.7, beta=0.3))
    n.output(n.op("HardSwish", "x"), n.op("ThresholdedRelu", "x", alpha=0.2), n.op("Shrink", "x", bias=0.3, lambd=0.3))
    clipped = n.op("Clip", "x", n.constant(np.float32(-0.4)), n.constant(np.float32(0.7)))
    n.output(n.op("Abs", clipped), n.op("LeakyRelu", clipped))


@case(17, x=((5, 6), False))
def layer_normalization(n):
    n.layouts["x"] = "channels-last"
    n.output(n.op("LayerNormalization", "x", n.weight(6), n.weight(6)))
    n.output(n.op("LayerNormalization", "x", n.weight(5, 6), axis=1, epsilon=0.1))


@case((11, 18, 21), image=((4, 5, 3), True))
def group_normalization(n):
    n.output(n.op("InstanceNormalization", "image", n.weight(4), n.weight(4), epsilon=0.01), first=True)
    if n.opset >= 18:
        size = 2 if n.opset == 18 else 4
        n.output(n.op("GroupNormalization", "image", n.weight(size), n.weight(size), num_groups=2), first=True)


@case((11, 13), x=((3, 4, 2), False))
def norms_and_log_sums(n):
    n.layouts["x"] = "channels-last"
    for op_type in ("ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp"):
        n.output(n.op(op_type, "x", axes=[1, 3]), n.op(op_type, "x", axes=[2], keepdims=0))
    n.output(n.op("ReduceLogSum", n.op("Exp", "x"), axes=[-1]), n.op("LogSoftmax", "x", axis=-1))
    if n.opset >= 13:
        n.output(n.op("LogSoftmax", "x", axis=1))


@case(13, x=((5, 4), False))
def attention(n):
    n.layouts["x"] = "channels-last"
    q, k, v = (n.op("MatMul", "x", n.weight(4, 3)) for _ in range(3))
    weights = n.op("Softmax", n.op("MatMul", q, n.op("Transpose", k, perm=[0, 2, 1])), axis=-1)
    n.output(n.op("MatMul", weights, v), n.op("MatMul", "x", n.op("Transpose", "x", perm=[0, 2, 1])))


@case(11, seq=SEQUENCE, image=IMAGE)
def conv_transpose(n):
    n.output(n.op("ConvTranspose", "seq", n.weight(4, 3, 5), n.weight(3), strides=[2], pads=[1, 2], output_padding=[1]), first=True)
    n.output(n.op("ConvTranspose", "seq", n.weight(4, 2, 3), group=2, dilations=[2]), first=True)
    n.output(n.op("ConvTranspose", "seq", n.weight(4, 2, 4), strides=[3], auto_pad="SAME_UPPER"), first=True)
    n.output(n.op("ConvTranspose", "seq", n.weight(4, 2, 4), strides=[2], auto_pad="SAME_LOWER"), first=True)
    n.output(n.op("ConvTranspose", "seq", n.weight(4, 2, 4), strides=[2], output_shape=[41]), first=True)
    n.output(n.op("ConvTranspose", "image", n.weight(3, 2, 3, 2), n.weight(2), strides=[2, 1], pads=[1, 0, 0, 1]), first=True)


@case((9, 13), seq=SEQUENCE, image=IMAGE)
def resize_nearest(n):
    if n.opset < 10:
        n.output(n.op("Upsample", "seq", n.constant(np.array([1, 1, 3], np.float32))), first=True)
        n.output(n.op("Upsample", "image", n.constant(np.array([1, 1, 2, 3], np.float32))), first=True)
        return
    scales = n.constant(np.array([1, 1, 2, 3], np.float32))
    n.output(n.op("Resize", "image", "", scales), first=True)
    n.output(n.op("Resize", "image", "", scales, coordinate_transformation_mode="asymmetric", nearest_mode="floor"), first=True)
    n.output(n.op("Resize", "seq", "", n.constant(np.array([1, 1, 4], np.float32))), first=True)


@case(13, seq=SEQUENCE)
def expand_repeats(n):
    top = n.op("ReduceMax", "seq", axes=[2])
    n.output(n.op("Expand", top, n.ints(1, 1, 7)), n.op("Expand", top, n.ints(5)), n.op("Expand", "seq", n.ints(1, 4, 1)), first=True)


@case(13, x=FEATURES)
def arithmetic_functions(n):
    positive = n.op("Add", n.op("Softplus", "x"), n.constant(np.float32(0.1)))
    n.output(n.op("Sqrt", positive), n.op("Log", positive), n.op("Reciprocal", positive))
    for exponent in (2, 3, 4, 1):
        n.output(n.op("Pow", "x", n.constant(np.float32(exponent))))
    for exponent in (0.5, -0.5, -1, -2):
        n.output(n.op("Pow", positive, n.constant(np.float32(exponent))))


@case(20, x=FEATURES)
def gelu_operator(n):
    n.output(n.op("Gelu", "x"), n.op("Gelu", "x", approximate="tanh"), n.op("Mish", "x"))


@case(7, x=FEATURES)
def clip_attributes(n):
    n.output(n.op("Clip", "x", min=0.0, max=6.0), n.op("Clip", "x", min=0.0), n.op("Clip", "x", min=-0.5, max=0.5), n.op("Clip", "x"))


@case(13, x=FEATURES)
def clip_inputs(n):
    zero, half = n.constant(np.float32(0)), n.constant(np.float32(0.5))
    n.output(n.op("Clip", "x", zero, half), n.op("Clip", "x", zero), n.op("Clip", "x", "", half), n.op("Clip", "x", half))


@case((7, 11), x=((3, 4, 2), True))
def reduce_attributes(n):
    n.layouts["x"] = "channels-first"
    n.output(n.op("ReduceMean", "x", axes=[2, 3]), n.op("ReduceMax", "x", axes=[-1]), first=True)
    n.output(n.op("ReduceSum", "x", axes=[1, 3], keepdims=0), n.op("ReduceMean", "x", axes=[3, 2], keepdims=0))


@case((13, 18), x=((3, 4, 2), True))
def reduce_inputs(n):
    n.layouts["x"] = "channels-first"
    if n.opset >= 18:
        n.output(n.op("ReduceMean", "x", n.ints(2, -1)), n.op("ReduceMax", "x", n.ints(2)), first=True)
        n.output(n.op("ReduceMean", "x", noop_with_empty_axes=1), first=True)
    n.output(n.op("ReduceSum", "x", n.ints(3)), first=True)
    n.output(n.op("ReduceSum", "x", n.ints(-2, 3), keepdims=0))


@case(9, seq=SEQUENCE)
def slice_attributes(n):
    crop = n.op("Slice", "seq", axes=[2], starts=[3], ends=[-3])
    n.output(crop, n.op("Slice", crop, axes=[1, 2], starts=[1, -4], ends=[3, 2**31 - 1]), first=True)
    n.output(n.op("Slice", "seq", starts=[0, 1], ends=[2**31 - 1, 2]), first=True)


@case((10, 13), seq=SEQUENCE)
def slice_inputs(n):
    n.output(n.op("Slice", "seq", n.ints(2), n.ints(-1), n.ints(-1), n.ints(3)), first=True)
    n.output(n.op("Slice", "seq", n.ints(0, 1), n.ints(2**63 - 1, 9), n.ints(0, 2)), first=True)
    n.output(n.op("Slice", "seq", n.ints(-100), n.ints(100), n.ints(2), n.ints(50)), first=True)


@case((11, 13, 18), seq=SEQUENCE)
def split(n):
    lengths = {"split": [5, 12, 3]} if n.opset < 13 else {}
    inputs = [] if n.opset < 13 else [n.ints(5, 12, 3)]
    n.output(*n.op("Split", "seq", *inputs, out=3, axis=2, **lengths), first=True)
    count = {"num_outputs": 2} if n.opset >= 18 else {}
    n.output(*n.op("Split", "seq", out=2, axis=-2, **count), first=True)
    if n.opset >= 18:
        n.output(*n.op("Split", "seq", out=3, axis=2, num_outputs=3), first=True)


@case((7, 11, 18), seq=SEQUENCE)
def pad(n):
    def padded(pads, value, **axes):
        if n.opset < 11:
            return n.op("Pad", "seq", pads=pads, value=value)
        return n.op("Pad", "seq", n.ints(*pads), n.constant(np.float32(value)), *axes.values())

    n.output(padded([0, 0, 2, 0, 1, 3], 0.25), padded([0, 0, -3, 0, 0, -4], 0.0), padded([0, 0, -1, 0, 0, 2], 0.0), first=True)
    if n.opset >= 18:
        n.output(padded([2, 1], 0.5, axes=n.ints(-1)), first=True)


@case((7, 11, 13), seq=SEQUENCE)
def squeeze_and_unsqueeze(n):
    def axes(op_type, x, *values):
        return n.op(op_type, x, axes=list(values)) if n.opset < 13 else n.op(op_type, x, n.ints(*values))

    wide = n.op("Conv", axes("Unsqueeze", "seq", 2), n.weight(5, 4, 1, 3))
    pooled = n.op("MaxPool", axes("Squeeze", wide, 2), kernel_shape=[18])
    n.output(wide, first=True)
    n.output(axes("Squeeze", pooled, 2), axes("Unsqueeze", axes("Squeeze", pooled, 2), 1, 3), n.op("Squeeze", pooled))


@case((7, 13), seq=SEQUENCE, x=FEATURES)
def parts_and_names(n):
    a = n.op("Conv", "seq", n.weight(3, 4, 3))
    b = n.op("Conv", "seq", n.weight(2, 4, 3))
    joined = n.op("Concat", n.op("Identity", a), n.op("Dropout", b), axis=1, name="")
    flat = n.op("Flatten", n.op("Relu", joined, name=""), name="")
    n.output(joined, first=True)
    n.output(n.op("Concat", flat, "x", axis=-1, name=""))


@case((11, 13), seq=SEQUENCE)
def shape_arithmetic(n):
    x = n.op("Conv", "seq", n.weight(3, 4, 3))
    shape = n.op("Shape", x)

    def unsqueezed(t):
        return n.op("Unsqueeze", t, axes=[0]) if n.opset < 13 else n.op("Unsqueeze", t, n.ints(0))

    batch = unsqueezed(n.op("Gather", shape, n.constant(np.int64(0)), axis=0))
    rest = n.op("Slice", shape, n.ints(1), n.ints(2**63 - 1))
    product = n.op("ReduceProd", rest, keepdims=1)
    n.output(n.op("Reshape", x, n.op("Concat", batch, n.ints(-1), axis=0)))
    n.output(n.op("Reshape", x, n.op("Concat", batch, product, axis=0)))
    half = n.op("Div", n.op("Gather", shape, n.ints(2), axis=0), n.ints(2))
    n.output(n.op("Slice", x, half, n.op("Mul", half, n.ints(2)), n.ints(2)), first=True)
    full = n.op("Concat", batch, n.ints(-1), n.ints(18), axis=0)
    ones = n.op("ConstantOfShape", n.ints(3), value=helper.make_tensor("v", TensorProto.INT64, [1], [1]))
    known = n.op("Where", n.op("Equal", full, n.ints(-1)), ones, full)
    n.output(n.op("Expand", x, known), first=True)
    ramp = n.op("Range", n.constant(np.float32(0)), n.constant(np.float32(18)), n.constant(np.float32(1)))
    n.output(n.op("Add", x, n.op("Mul", ramp, n.constant(np.float32(0.1)))), first=True)
    flat = n.op("Concat", n.op("Mul", batch, n.ints(1)), n.op("Div", n.op("Mul", batch, product), batch), axis=0)
    n.output(n.op("Reshape", x, flat), n.op("Reshape", x, n.ints(0, -1)), n.op("Reshape", x, n.ints(-1, 54)))


@case(13, batch=1, seq=SEQUENCE)
def batch_of_one(n):
    x = n.op("Conv", "seq", n.weight(3, 4, 3))
    n.output(n.op("Reshape", x, n.ints(1, -1)), n.op("Reshape", x, n.op("Concat", n.ints(1), n.ints(54), axis=0)))
    n.output(n.op("Concat", n.op("Reshape", x, n.ints(1, 54)), n.weight(1, 3), axis=1))
    n.output(n.op("Slice", x, n.ints(0, 0, 0), n.ints(1, 2, 5)), first=True)


@case(13, batch=3, seq=SEQUENCE)
def batch_of_three(n):
    x = n.op("Relu", n.op("Conv", "seq", n.weight(3, 4, 3)))
    n.output(n.op("Reshape", x, n.ints(3, -1)), n.op("Reshape", x, n.ints(-1, 54)))


@case((7, 13), a=FEATURES, b=FEATURES)
def arithmetic(n):
    c, d = n.weight(6), n.weight(1, 6)
    n.output(n.op("Sub", c, "a"), n.op("Sub", "a", d), n.op("Mul", "a", c), n.op("Div", "a", n.constant(np.float32(3))))
    n.output(n.op("Add", "a", "b"), n.op("Mul", "a", "b"), n.op("Sub", "a", "b"), n.op("Sum", "a", "b", "a"), n.op("Sum", "a"))
    n.output(n.op("Div", "a", n.op("Add", n.op("Exp", "b"), d)))
    if n.opset >= 13:
        n.output(n.op("Min", "a", "b"), n.op("Max", "a", "b", d), n.op("Max", "a"), n.op("Sum", "a", c))


@case(13, seq=SEQUENCE)
def broadcasting(n):
    n.layouts["seq"] = "channels-first"
    gate = n.op("Sigmoid", n.op("ReduceMean", "seq", axes=[2]))
    n.output(n.op("Mul", "seq", gate), n.op("Add", "seq", n.weight(4, 1)), n.op("Mul", n.weight(20), "seq"), first=True)
    n.output(n.op("Add", n.op("ReduceMax", "seq", axes=[2]), n.weight(1, 1, 5)), first=True)


@case(13, x=FEATURES)
def element_types(n):
    raw = n.random.standard_normal((6, 6)).astype(np.float32)
    half = n.constant(raw.astype(np.float16))
    double = n.constant(raw.astype(np.float64))
    brain = "brain"
    bits = (raw.view(np.uint32) >> 16).astype(np.uint16)
    n.initializers.append(helper.make_tensor(brain, TensorProto.BFLOAT16, [6, 6], bits.tobytes(), raw=True))
    special = n.constant(np.array([0.0, -0.0, 6e-8, -6e-5, 65504, 0.1], np.float16))
    typed = "typed"
    n.initializers.append(helper.make_tensor(typed, TensorProto.FLOAT, [6, 6], raw.ravel().tolist()))
    half_typed = "half_typed"
    n.initializers.append(helper.make_tensor(half_typed, TensorProto.FLOAT16, [6], [0.5, -2, 3e-6, 0, 1, 100]))
    double_typed = "double_typed"
    n.initializers.append(helper.make_tensor(double_typed, TensorProto.DOUBLE, [6], [0.5, -2, 3e-6, 0, 1, 100]))
    whole = n.constant(np.arange(-3, 3, dtype=np.int8))
    unsigned = n.constant(np.array([200, 1, 2, 3, 4, 255], np.uint8))
    wide = n.constant(np.array([2**31 + 5, 1, 2, 3, 4, 5], np.uint32))
    short = "short"
    n.initializers.append(helper.make_tensor(short, TensorProto.INT16, [6], [-1, 2, -3, 4, -5, 6]))
    truth = n.constant(np.array([True, False, True, True, False, False]))

    def as_float(t):
        return n.op("Cast", t, to=TensorProto.FLOAT)

    for t in (half, double, brain):
        n.output(n.op("MatMul", "x", as_float(t)))
    n.output(n.op("MatMul", "x", typed))
    for t in (special, half_typed, double_typed, whole, unsigned, wide, short, truth):
        n.output(n.op("Mul", "x", as_float(t)))
    n.output(n.op("Cast", n.op("Cast", "x", to=TensorProto.DOUBLE), to=TensorProto.FLOAT))


@case(13, x=FEATURES)
def constant_nodes(n):
    tensor = n.op("Constant", value=numpy_helper.from_array(n.random.standard_normal((6, 5)).astype(np.float32)))
    n.output(n.op("MatMul", "x", tensor), n.op("Mul", "x", n.op("Constant", value_float=0.5)))
    n.output(n.op("Add", "x", n.op("Constant", value_floats=[1.0, 2, 3, 4, 5, 6])))
    n.output(n.op("Reshape", "x", n.op("Constant", value_ints=[-1, 2, 3])))
    n.output(n.op("Gather", "x", n.op("Constant", value_int=2), axis=1))


@case((11, 13, 18), seq=SEQUENCE)
def folded_weights(n):
    direction, length = n.weight(5, 4, 3), n.weight(5, 1, 1)
    if n.opset < 18:
        norm = n.op("ReduceL2", direction, axes=[1, 2], keepdims=1)
    else:
        norm = n.op("Sqrt", n.op("ReduceSum", n.op("Pow", direction, n.constant(np.float32(2))), n.ints(1, 2)))
    kernel = n.op("Mul", direction, n.op("Div", length, norm))
    turned = n.op("Transpose", n.weight(3, 5, 6), perm=[2, 1, 0])
    a = n.op("Conv", "seq", kernel)
    b = n.op("Conv", a, turned, n.op("Neg", n.op("Reshape", n.weight(2, 3), n.ints(-1))))
    n.output(a, b, first=True)
    shared = n.weight(6, 6)
    rows = n.op("Gather", shared, n.ints(4, 0, -1), axis=0)
    part = n.op("Slice", shared, n.ints(5, 1), n.ints(-7, 4), n.ints(0, 1), n.ints(-2, 1))
    halves = n.op("Split", n.op("Concat", rows, n.op("Expand", n.weight(1, 6), n.ints(3, 6)), axis=0), out=2, axis=1,
                  **({"num_outputs": 2} if n.opset >= 18 else {}))
    pooled = n.op("Flatten", n.op("GlobalMaxPool", b))
    n.output(n.op("MatMul", pooled, halves[0]), n.op("MatMul", pooled, halves[1]))
    n.output(n.op("MatMul", n.op("MatMul", pooled, n.weight(6, 3)), part))


@case(13, seq=SEQUENCE)
def gather(n):
    x = n.op("Conv", "seq", n.weight(6, 4, 3))
    n.output(n.op("Gather", x, n.constant(np.int64(-1)), axis=2), n.op("Gather", x, n.constant(np.int64(2)), axis=1))
    n.output(n.op("Gather", x, n.ints(1, 3, 5), axis=1), n.op("Gather", x, n.ints(-3), axis=2), first=True)


@case((13, 21), ir_version=9, image=((8, 6, 3), False))
def tf2onnx_image(n):
    x = n.op("Transpose", "image", perm=[0, 3, 1, 2])
    x = n.op("Conv", x, n.weight(4, 3, 3, 3), auto_pad="SAME_UPPER", strides=[2, 2])
    x = n.op("Transpose", x, perm=[0, 2, 3, 1])
    n.output(x)
    x = n.op("Relu", n.op("Add", x, n.weight(4)))
    x = n.op("Transpose", x, perm=[0, 3, 1, 2])
    x = n.op("Transpose", x, perm=[0, 2, 3, 1])
    x = n.op("Reshape", n.op("Transpose", n.op("MaxPool", n.op("Transpose", x, perm=[0, 3, 1, 2]), kernel_shape=[2, 3]), perm=[0, 2, 3, 1]), n.ints(-1, 12))
    n.output(n.op("Add", n.op("MatMul", x, n.weight(12, 3)), n.weight(3)))


@case(13, seq=((20, 4), False))
def tf2onnx_sequence(n):
    x = n.op("Transpose", n.op("Unsqueeze", "seq", n.ints(1)), perm=[0, 3, 1, 2])
    x = n.op("Squeeze", n.op("Conv", x, n.weight(5, 4, 1, 7), n.weight(5)), n.ints(2))
    x = n.op("Transpose", n.op("Relu", x), perm=[0, 2, 1])
    n.output(x, n.op("Softmax", n.op("Add", n.op("MatMul", n.op("ReduceMean", x, axes=[1], keepdims=0), n.weight(5, 3)), n.weight(3))))


@case(13, seq=((20, 4), False))
def dense_over_letters(n):
    x = n.op("Relu", n.op("MatMul", "seq", n.weight(4, 3)))
    n.output(x, n.op("Gemm", n.op("Flatten", x), n.weight(60, 2)))


@case(13, seq=SEQUENCE)
def flattened_letters_first(n):
    n.output(n.op("Gemm", n.op("Flatten", "seq"), n.weight(80, 3)))


@case(13, seq=((4, 4), True))
def layout_by_option(n):
    n.layouts["seq"] = "channels-first"
    n.output(n.op("Gemm", n.op("Flatten", "seq"), n.weight(16, 3)))


@case(13, seq=((20, 4, 1), False))
def conv_over_letters_as_image(n):
    x = n.op("Reshape", "seq", n.ints(0, 1, 20, 4))
    n.output(n.op("Conv", x, n.weight(3, 1, 5, 4)), first=True)


@case(11, ir_version=3, x=FEATURES)
def initializers_listed_as_inputs(n):
    weight, bias = n.weight(6, 4), n.weight(4)
    n.listed = [weight, bias]
    n.output(n.op("Gemm", "x", weight, bias))


@case((13, 17), x=FEATURES)
def fused_activations(n):
    def number(value):
        return n.constant(np.float32(value))

    def erf_gelu(x, order):
        gate = n.op("Add", n.op("Erf", n.op("Mul", x, number(0.70710678))), number(1))
        if order == 0:
            return n.op("Mul", n.op("Mul", x, gate), number(0.5))
        return n.op("Mul", n.op("Mul", number(0.5), x), gate) if order == 1 else n.op("Div", n.op("Mul", gate, x), number(2))

    product = n.op("Mul", "x", n.weight(6))
    for x in ("x", product):
        n.output(*[erf_gelu(x, order) for order in range(3)])
        n.output(n.op("Mul", n.op("Sigmoid", x), x))
        cube = n.op("Mul", number(0.044715), n.op("Mul", x, n.op("Mul", x, x)))
        inner = n.op("Mul", number(0.7978845608), n.op("Add", x, cube))
        n.output(n.op("Mul", n.op("Mul", number(0.5), x), n.op("Add", number(1), n.op("Tanh", inner))))
        power = n.op("Mul", n.op("Pow", x, number(3)), number(0.044715))
        inner = n.op("Mul", n.op("Add", power, x), number(0.7978845608))
        n.output(n.op("Mul", n.op("Mul", x, n.op("Add", n.op("Tanh", inner), number(1))), number(0.5)))
        n.output(n.op("Where", n.op("Greater", x, number(20)), x, n.op("Softplus", x)))
    sigmoid = n.op("Sigmoid", "x")
    n.output(n.op("Mul", sigmoid, "x"), sigmoid, n.op("Mul", sigmoid, product))


@case(13, x=FEATURES, seq=SEQUENCE)
def external_weights(n):
    n.external = "external_weights.bin"
    x = n.op("Relu", n.op("Conv", "seq", n.weight(3, 4, 5), n.weight(3)))
    n.output(n.op("Gemm", n.op("Concat", n.op("Flatten", x), "x", axis=1), n.weight(54, 2)))


onnx_further_models.register(case)


def channels_last(array, first):
    return np.moveaxis(array, 1, -1) if first and array.ndim > 2 else array


def described(name, array):
    # Nine digits hold a float exactly.
    values = [float(f"{v:.9g}") for v in np.asarray(array, np.float64).ravel()]
    return {"name": name, "shape": list(array.shape), "values": values}


def predict(path, feeds, batch):
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    names = [o.name for o in session.get_outputs()]
    step = batch if isinstance(batch, int) else ROWS
    parts = [session.run(names, {k: v[i:i + step] for k, v in feeds.items()}) for i in range(0, ROWS, step)]
    return {name: np.concatenate([part[i] for part in parts]) for i, name in enumerate(names)}


def write(name, path, opset, made_by, inputs, outputs_first, batch, layouts):
    """Runs the model on random inputs and writes NAME.json."""
    random = np.random.default_rng(zlib.crc32(name.encode()) + 1)
    feeds = {k: random.standard_normal((ROWS, *shape)).astype(np.float32) for k, (shape, _) in inputs.items()}
    predictions = predict(path, feeds, batch)
    text = {
        "made_by": made_by,
        "opset": opset,
        "layouts": layouts,
        "inputs": [described(k, channels_last(v, inputs[k][1])) for k, v in feeds.items()],
        "outputs": [described(k, channels_last(v, outputs_first[k])) for k, v in predictions.items()],
    }
    (FOLDER / f"{name}.json").write_text(json.dumps(text) + "\n")


def without_traces(path):
    """Exporters write where in whose source files each node came from; nothing reads that, and it differs by machine."""
    model = onnx.load(str(path))
    for part in (model, model.graph, *model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output,
                 *model.graph.initializer):
        part.doc_string = ""
        del part.metadata_props[:]
    onnx.save_model(model, str(path))
    return model


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[1:]
    for old in FOLDER.iterdir():
        if not wanted or old.stem in wanted:
            old.unlink()
    runtime = f"onnxruntime {ort.__version__}"
    for build, net in CASES:
        if wanted and net.name not in wanted:
            continue
        build(net)
        path = FOLDER / f"{net.name}.onnx"
        external = {"save_as_external_data": True, "location": net.external, "size_threshold": 0} if net.external else {}
        onnx.save_model(net.model(), str(path), **external)
        write(net.name, path, net.opset, f"onnx {onnx.__version__}, {runtime}", net.inputs, net.outputs, net.batch, net.layouts)
    for name, export, inputs, outputs_first, batch in TORCH_CASES:
        if wanted and name not in wanted:
            continue
        path = FOLDER / f"{name}.onnx"
        export(path)
        opset = without_traces(path).opset_import[0].version
        write(name, path, opset, f"torch {torch.__version__}, {runtime}", inputs, outputs_first, batch, {})
    total = sum(os.path.getsize(f) for f in FOLDER.iterdir())
    print(f"{len(CASES) + len(TORCH_CASES)} models, {total} bytes")


if __name__ == "__main__":
    main()
