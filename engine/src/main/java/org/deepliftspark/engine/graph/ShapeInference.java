package org.deepliftspark.engine.graph;

import java.util.Arrays;

/**
 * Output shape of an op, and whether its axis 0 holds channels. Throws {@link
 * IllegalArgumentException} where shapes do not fit.
 */
final class ShapeInference {
  private ShapeInference() {}

  static Shape shapeOf(Op op, Node... from) {
    if (op instanceof Op.Input input) {
      return input.shape();
    } else if (op instanceof Op.Constant constant) {
      return constant.value().shape();
    } else if (op instanceof Op.Concat concat) {
      return concat(concat, from);
    } else if (op instanceof Op.Binary) {
      return broadcast(from[0].shape(), from[1].shape());
    } else if (op instanceof Op.MatMul) {
      return product(from[0].shape(), from[1].shape());
    }
    return unary(op, from[0].shape());
  }

  private static Shape unary(Op op, Shape in) {
    if (op instanceof Op.Dense dense) {
      require(
          in.rank() > 0 && in.dim(-1) == dense.weight().shape().dim(0),
          "weight",
          dense.weight().shape(),
          in);
      return in.with(-1, dense.weight().shape().dim(1));
    } else if (op instanceof Op.Conv conv) {
      return conv(conv, in);
    } else if (op instanceof Op.ConvTranspose conv) {
      return convTranspose(conv, in);
    } else if (op instanceof Op.ChannelAffine affine) {
      require(
          affine.axis() < in.rank() && in.dim(affine.axis()) == affine.scale().size(),
          "scale",
          affine.scale().shape(),
          in);
      return in;
    } else if (op instanceof Op.MaxPool pool) {
      return pool(pool.geometry(), in);
    } else if (op instanceof Op.AveragePool pool) {
      return pool(pool.geometry(), in);
    } else if (op instanceof Op.Reduce reduce) {
      return reduce(reduce, in);
    } else if (op instanceof Op.Reshape reshape) {
      if (reshape.to().size() != in.size()) {
        throw new IllegalArgumentException("cannot reshape " + in + " to " + reshape.to());
      }
      return reshape.to();
    } else if (op instanceof Op.Transpose transpose) {
      if (transpose.permutation().length != in.rank()) {
        throw new IllegalArgumentException(
            "cannot transpose " + in + " by " + Arrays.toString(transpose.permutation()));
      }
      return in.permuted(transpose.permutation());
    } else if (op instanceof Op.Slice slice) {
      return slice(slice, in);
    } else if (op instanceof Op.Pad pad) {
      int[] dims = in.dims();
      for (int axis = 0; axis < dims.length; axis++) {
        dims[axis] = Math.addExact(dims[axis], Math.addExact(pad.begin()[axis], pad.end()[axis]));
      }
      return Shape.of(dims);
    }
    return in; // Identity, Activation, Softmax
  }

  private static Shape conv(Op.Conv conv, Shape in) {
    Shape weight = conv.weight().shape();
    ConvGeometry geometry = conv.geometry();
    require(
        in.rank() == geometry.spatialAxes() + 1 && weight.rank() == in.rank() + 1,
        "kernel",
        weight,
        in);
    require(
        in.dim(0) == weight.dim(1) * geometry.groups() && weight.dim(0) % geometry.groups() == 0,
        "kernel",
        weight,
        in);
    int[] dims = in.dims();
    dims[0] = weight.dim(0);
    for (int axis = 0; axis < geometry.spatialAxes(); axis++) {
      dims[axis + 1] = geometry.outputLength(axis, in.dim(axis + 1), weight.dim(axis + 2));
    }
    return positive(dims, "kernel", weight, in);
  }

  private static Shape convTranspose(Op.ConvTranspose conv, Shape in) {
    Shape weight = conv.weight().shape();
    ConvGeometry geometry = conv.geometry();
    boolean fits =
        conv.to().rank() == geometry.spatialAxes() + 1
            && weight.rank() == conv.to().rank() + 1
            && conv.to().dim(0) == weight.dim(1) * geometry.groups()
            && weight.dim(0) % geometry.groups() == 0;
    require(fits, "kernel", weight, in);
    int[] dims = conv.to().dims();
    dims[0] = weight.dim(0);
    for (int axis = 0; axis < geometry.spatialAxes(); axis++) {
      dims[axis + 1] = geometry.outputLength(axis, dims[axis + 1], weight.dim(axis + 2));
    }
    require(Arrays.equals(dims, in.dims()), "kernel", weight, in);
    return conv.to();
  }

  private static Shape pool(PoolGeometry geometry, Shape in) {
    if (in.rank() != geometry.spatialAxes() + 1) {
      throw new IllegalArgumentException(
          "pooling over " + geometry.spatialAxes() + " axes does not fit input " + in);
    }
    int[] dims = in.dims();
    for (int axis = 0; axis < geometry.spatialAxes(); axis++) {
      dims[axis + 1] = geometry.outputLength(axis, in.dim(axis + 1));
    }
    return positive(dims, "pooling window", Shape.of(geometry.kernel()), in);
  }

  private static Shape reduce(Op.Reduce reduce, Shape in) {
    int[] dims = in.dims();
    for (int axis : reduce.axes()) {
      if (axis < 0 || axis >= dims.length) {
        throw new IllegalArgumentException("cannot reduce axis " + axis + " of input " + in);
      }
      dims[axis] = reduce.keepDims() ? 1 : 0;
    }
    return Shape.of(Arrays.stream(dims).filter(dim -> dim != 0).toArray());
  }

  private static Shape slice(Op.Slice slice, Shape in) {
    for (int axis = 0; axis < in.rank(); axis++) {
      long last = slice.starts()[axis] + (slice.to().dim(axis) - 1L) * slice.steps()[axis];
      if (slice.starts()[axis] < 0 || last >= in.dim(axis)) {
        throw new IllegalArgumentException(
            "slice to "
                + slice.to()
                + " from "
                + Arrays.toString(slice.starts())
                + " leaves input "
                + in);
      }
    }
    return slice.to();
  }

  private static Shape concat(Op.Concat concat, Node... from) {
    Shape first = from[0].shape();
    long total = 0;
    for (Node node : from) {
      if (node.shape().rank() != first.rank()
          || !node.shape().with(concat.axis(), 1).equals(first.with(concat.axis(), 1))) {
        throw new IllegalArgumentException(
            "cannot concatenate "
                + first
                + " and "
                + node.shape()
                + " along axis "
                + concat.axis());
      }
      total += node.shape().dim(concat.axis());
    }
    if (total > Integer.MAX_VALUE) { // as an int it could become a small number again
      throw new IllegalArgumentException(
          "axis " + concat.axis() + " would be " + total + " long, more than 2^31 - 1");
    }
    return first.with(concat.axis(), (int) total);
  }

  private static Shape product(Shape a, Shape b) {
    int rank = a.rank();
    if (rank < 2 || b.rank() != rank || a.dim(-1) != b.dim(-2)) {
      throw new IllegalArgumentException("matrices " + a + " and " + b + " do not fit");
    }
    return broadcast(a.with(-1, 1), b.with(-2, 1));
  }

  static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    int[] dims = new int[rank];
    for (int back = 1; back <= rank; back++) {
      int left = back <= a.rank() ? a.dim(-back) : 1;
      int right = back <= b.rank() ? b.dim(-back) : 1;
      if (left != right && left != 1 && right != 1) {
        throw new IllegalArgumentException("shapes " + a + " and " + b + " do not broadcast");
      }
      dims[rank - back] = Math.max(left, right);
    }
    return Shape.of(dims);
  }

  /**
   * Convolutions and pools make channels-first values; element-wise ops pass the property on;
   * reshaping loses it.
   */
  static boolean channelsFirst(Op op, Node... from) {
    if (op instanceof Op.Conv
        || op instanceof Op.ConvTranspose
        || op instanceof Op.MaxPool
        || op instanceof Op.AveragePool) {
      return true;
    }
    if (op instanceof Op.Input
        || op instanceof Op.Constant
        || op instanceof Op.Reshape
        || op instanceof Op.Transpose
        || op instanceof Op.Dense
        || op instanceof Op.MatMul) {
      return false;
    }
    if (op instanceof Op.Reduce reduce && !reduce.keepDims()) {
      return false;
    }
    for (Node node : from) {
      if (node.channelsFirst()) {
        return true;
      }
    }
    return false;
  }

  private static Shape positive(int[] dims, String what, Shape size, Shape in) {
    for (int dim : dims) {
      require(dim > 0, what, size, in);
    }
    return Shape.of(dims);
  }

  private static void require(boolean fits, String what, Shape size, Shape in) {
    if (!fits) {
      throw new IllegalArgumentException(what + " " + size + " does not fit input " + in);
    }
  }
}
