"""More hand-made models for onnx_models.py: resizing, picking and turning, masks, norms of windows, sums of products."""

import numpy as np

SEQUENCE = ((4, 12), True)
IMAGE = ((3, 5, 4), True)
ROWS = ((6, 5), False)


def register(case):
    @case(13, batch=3, image=IMAGE)
    def resize_linear(n):
        x = n.op("Conv", "image", n.weight(2, 3, 1, 1))
        scales, less = n.constant(np.float32([1, 1, 1.7, 2.5])), n.constant(np.float32([1, 1, 0.6, 0.5]))
        for mode in ("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"):
            options = {"mode": "linear", "coordinate_transformation_mode": mode}
            n.output(n.op("Resize", x, "", scales, **options), n.op("Resize", x, "", less, **options), first=True)
            n.output(n.op("Resize", x, "", "", n.ints(3, 2, 8, 3), **options), first=True)

    @case(13, image=IMAGE)
    def resize_nearest_any(n):
        x = n.op("Conv", "image", n.weight(2, 3, 1, 1))
        scales = n.constant(np.float32([1, 1, 1.75, 0.625]))
        for mode in ("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"):
            for rounding in ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"):
                n.output(n.op("Resize", x, "", scales, mode="nearest", coordinate_transformation_mode=mode, nearest_mode=rounding), first=True)

    @case(19, ir_version=9, image=IMAGE)
    def resize_cubic(n):
        x = n.op("Conv", "image", n.weight(2, 3, 1, 1))
        scales, two = n.constant(np.float32([1, 1, 1.6, 0.75])), n.constant(np.float32([2, 1.5]))
        n.output(n.op("Resize", x, "", scales, mode="cubic"), first=True)
        n.output(n.op("Resize", x, "", scales, mode="cubic", cubic_coeff_a=-0.5, exclude_outside=1), first=True)
        n.output(n.op("Resize", x, "", two, mode="linear", axes=[2, 3]), first=True)
        n.output(n.op("Resize", x, "", two, mode="linear", axes=[2, 3], coordinate_transformation_mode="half_pixel_symmetric"), first=True)

    @case(9, image=IMAGE)
    def upsample_linear(n):
        n.output(n.op("Upsample", n.op("Conv", "image", n.weight(2, 3, 1, 1)), n.constant(np.float32([1, 1, 2, 3])), mode="linear"), first=True)

    @case(13, seq=((4, 37), True))
    def turned(n):
        """Reverse complements, as equivariant networks compute them, and other steps backwards."""
        low = n.ints(-(2**63))
        both = n.op("Slice", "seq", n.ints(-1, -1), n.ints(-(2**63), -(2**63)), n.ints(1, 2), n.ints(-1, -1))
        weight, bias = n.weight(5, 4, 7), n.weight(5)
        forward, backward = n.op("Conv", "seq", weight, bias), n.op("Conv", both, weight, bias)
        turned = n.op("Slice", backward, n.ints(-1), low, n.ints(2), n.ints(-1))
        merged = n.op("Max", n.op("Relu", forward), n.op("Relu", turned))
        n.output(n.op("Gemm", n.op("Flatten", n.op("GlobalAveragePool", merged)), n.weight(5, 2)))
        n.output(n.op("Slice", "seq", n.ints(30), n.ints(3), n.ints(2), n.ints(-4)), first=True)
        n.output(n.op("Gather", "seq", n.ints(3, 2, 1, 0), axis=1), n.op("Gather", "seq", n.ints(20, 15, 10), axis=2), first=True)

    @case(13, x=ROWS)
    def picked(n):
        n.layouts = {"x": "channels-last"}
        n.output(n.op("Gather", "x", n.ints(4, 0, 0, 3, 1), axis=1), n.op("Gather", "x", n.ints(2, 2), axis=2))
        n.output(n.op("Gather", "x", n.constant(np.int64([[0, 5], [2, 2], [4, 1]])), axis=1))
        n.output(n.op("Gather", "x", n.constant(np.int64([[1, 2]])), axis=2))

    @case(14, x=ROWS)
    def masks(n):
        n.layouts = {"x": "channels-last"}
        condition = n.random.random((6, 5)) < 0.6
        keep = n.constant(condition)
        y = n.op("Tanh", "x")
        n.output(n.op("Where", keep, "x", y), n.op("Where", keep, "x", n.weight(5)), n.op("Where", keep, n.weight(6, 1), y))
        n.output(n.op("Trilu", "x"), n.op("Trilu", "x", n.constant(np.int64(-1)), upper=0))
        causal = n.constant(np.triu(np.full((6, 6), -np.inf, np.float32), 1))
        scores = n.op("MatMul", y, n.op("Transpose", "x", perm=[0, 2, 1]))
        n.output(n.op("MatMul", n.op("Softmax", n.op("Add", scores, causal)), "x"))
        hidden = n.constant(np.triu(np.ones((6, 6), bool), 1))
        n.output(n.op("MatMul", n.op("Softmax", n.op("Where", hidden, n.constant(np.float32(-np.inf)), scores)), y))

    @case(14, image=((8, 4, 6), True), x=ROWS)
    def blocks(n):
        n.layouts = {"x": "channels-last"}
        n.output(n.op("DepthToSpace", "image", blocksize=2), n.op("DepthToSpace", "image", blocksize=2, mode="CRD"), first=True)
        n.output(n.op("SpaceToDepth", "image", blocksize=2), first=True)
        n.output(n.op("Tile", "x", n.ints(1, 2, 3)), n.op("CumSum", "x", n.constant(np.int64(1))))
        n.output(n.op("CumSum", "x", n.constant(np.int64(-1)), exclusive=1), n.op("CumSum", "x", n.constant(np.int64(2)), reverse=1))
        n.output(n.op("CumSum", "x", n.constant(np.int64(1)), reverse=1, exclusive=1))

    @case(13, image=((5, 6, 4), True), x=ROWS)
    def norms_of_windows(n):
        n.layouts = {"x": "channels-last"}
        n.output(n.op("LRN", "image", size=3, alpha=0.3, beta=0.6, bias=1.5), n.op("LRN", "image", size=5, alpha=0.2), first=True)
        n.output(n.op("LpPool", "image", kernel_shape=[2, 3], strides=[2, 1], p=2), n.op("LpPool", "image", kernel_shape=[3, 1], p=1), first=True)
        n.output(n.op("GlobalLpPool", "image", p=2), n.op("GlobalLpPool", "image", p=1), first=True)
        n.output(n.op("LpNormalization", "x", axis=2), n.op("LpNormalization", "x", axis=1, p=1))
        # what sums to 0 is told apart by a product behind it
        n.output(n.op("MatMul", n.op("MeanVarianceNormalization", "x", axes=[2]), n.weight(5, 3)))
        n.output(n.op("Gemm", n.op("Flatten", n.op("MeanVarianceNormalization", "image", axes=[2, 3])), n.weight(120, 2)))
        n.output(n.op("ReduceMax", "x", axes=[1]), n.op("ReduceMax", "x", axes=[1], keepdims=0), n.op("ReduceMin", "x", axes=[2], keepdims=0))
        n.output(n.op("ReduceMin", "x", axes=[1, 2]), n.op("Shrink", "x", lambd=0.4, bias=0.0))
        n.output(n.op("ReduceMax", "image", axes=[1]), n.op("ReduceMin", "image", axes=[2]), first=True)

    @case(13, x=ROWS, y=((4, 5), False))
    def sums_of_products(n):
        n.layouts = {"x": "channels-last", "y": "channels-last"}
        n.output(n.op("Einsum", "x", "y", equation="bik,bjk->bij"), n.op("Einsum", "x", "y", equation="bik,bjk->bji"))
        n.output(n.op("Einsum", "x", n.weight(5, 2, 3), equation="bik,khd->bhid"), n.op("Einsum", n.weight(6, 5), "x", equation="ik,bik->bi"))
        n.output(n.op("Einsum", "x", equation="bik->bki"), n.op("Einsum", "x", equation="bik->bi"))
        heads = n.op("Einsum", "x", n.weight(5, 2, 3), equation="bik,khd->bihd")
        keys = n.op("Einsum", "y", n.weight(5, 2, 3), equation="bjk,khd->bjhd")
        scores = n.op("Softmax", n.op("Einsum", heads, keys, equation="bihd,bjhd->bhij"))
        n.output(n.op("Einsum", scores, keys, equation="bhij,bjhd->bihd"))
