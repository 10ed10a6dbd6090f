package org.deepliftspark.engine.change;

import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/**
 * How a change passes a node that looks at neighbours only.
 *
 * @param axis of the node's shape along which its positions lie
 * @param slide from the positions of the operands that change to its own
 */
record Passage(int axis, Slide slide) {
  /** In place of the axis of an operand that does not change. */
  static final int UNCHANGED = -1;

  /**
   * What never wins a maximum. It is finite, and so is the sum of all that a window can hold of it:
   * backends look by sums for what is not a number.
   */
  private static final float BELOW_ALL = -1e30f;

  private static Passage plain(int axis) {
    return new Passage(axis, Slide.PLAIN);
  }

  /**
   * @param axes of the sources, along which positions lie, or {@link #UNCHANGED}; at least one
   *     changes
   * @return null if the node mixes all positions, or is not known not to
   */
  static Passage of(Node node, List<Node> sources, int[] axes) {
    Op op = node.op();
    if (op instanceof Op.Binary) {
      return ofBroadcast(node, sources, axes);
    } else if (op instanceof Op.Concat concat) {
      int axis = Arrays.stream(axes).max().orElseThrow();
      boolean alike = Arrays.stream(axes).allMatch(a -> a == axis || a == UNCHANGED);
      return alike && concat.axis() != axis ? plain(axis) : null;
    }
    return axes.length == 1 ? ofOne(node, sources.get(0).shape(), axes[0]) : null;
  }

  private static Passage ofOne(Node node, Shape in, int axis) {
    Op op = node.op();
    if (op instanceof Op.Identity) {
      return plain(axis);
    } else if (op instanceof Op.Activation activation) {
      return isSame(activation.function().slopes(), in.rank() - axis) ? plain(axis) : null;
    } else if (op instanceof Op.ChannelAffine affine) {
      return affine.axis() != axis ? plain(axis) : null;
    } else if (op instanceof Op.Softmax softmax) {
      return softmax.axis() != axis ? plain(axis) : null;
    } else if (op instanceof Op.Dense) {
      return axis != in.rank() - 1 ? plain(axis) : null;
    } else if (op instanceof Op.Conv conv) {
      return axis == 0 ? null : new Passage(axis, slide(conv, axis - 1));
    } else if (op instanceof Op.MaxPool pool) {
      return axis == 0 ? null : new Passage(axis, slide(pool.geometry(), axis - 1, BELOW_ALL));
    } else if (op instanceof Op.AveragePool pool) {
      boolean even =
          axis > 0
              && (pool.countPadding()
                  || pool.geometry().padsBegin()[axis - 1] == 0
                      && pool.geometry().padsEnd()[axis - 1] == 0);
      return even ? new Passage(axis, slide(pool.geometry(), axis - 1, 0)) : null;
    } else if (op instanceof Op.Reduce reduce) {
      return ofReduce(reduce, axis);
    } else if (op instanceof Op.Reshape reshape) {
      return ofReshape(in, reshape.to(), axis);
    } else if (op instanceof Op.Transpose transpose) {
      for (int to = 0; to < in.rank(); to++) {
        if (transpose.permutation()[to] == axis) {
          return plain(to);
        }
      }
    } else if (op instanceof Op.Slice slice) {
      return new Passage(axis, new Slide(1, slice.steps()[axis], 1, -slice.starts()[axis], 0));
    } else if (op instanceof Op.Pad pad) {
      return new Passage(axis, new Slide(1, 1, 1, pad.begin()[axis], pad.value()));
    }
    return null; // ConvTranspose, and what is new
  }

  private static Slide slide(Op.Conv conv, int axis) {
    ConvGeometry geometry = conv.geometry();
    return new Slide(
        conv.weight().shape().dim(axis + 2),
        geometry.strides()[axis],
        geometry.dilations()[axis],
        geometry.padsBegin()[axis],
        0);
  }

  private static Slide slide(PoolGeometry geometry, int axis, float fill) {
    return new Slide(
        geometry.kernel()[axis], geometry.strides()[axis], 1, geometry.padsBegin()[axis], fill);
  }

  private static Passage ofReduce(Op.Reduce reduce, int axis) {
    int before = 0;
    for (int reduced : reduce.axes()) {
      if (reduced == axis) {
        return null;
      }
      before += reduced < axis ? 1 : 0;
    }
    return plain(reduce.keepDims() ? axis : axis - before);
  }

  /**
   * The axis of positions survives where what stands before and behind it is as large as before.
   */
  private static Passage ofReshape(Shape from, Shape to, int axis) {
    int before = 1;
    for (int a = 0; a < axis; a++) {
      before *= from.dim(a);
    }
    int product = 1;
    for (int a = 0; a < to.rank(); a++) {
      if (product == before && to.dim(a) == from.dim(axis)) {
        return plain(a);
      }
      product *= to.dim(a);
    }
    return null;
  }

  /** Operands align at their last axes; those that change must lie alike. */
  private static Passage ofBroadcast(Node node, List<Node> sources, int[] axes) {
    int fromEnd = 0;
    for (int i = 0; i < axes.length; i++) {
      if (axes[i] != UNCHANGED) {
        int found = sources.get(i).shape().rank() - axes[i];
        if (fromEnd != 0 && fromEnd != found) {
          return null;
        }
        fromEnd = found;
      }
    }
    int axis = node.shape().rank() - fromEnd;
    for (int i = 0; i < axes.length; i++) {
      if (axes[i] != UNCHANGED && sources.get(i).shape().dim(axes[i]) != node.shape().dim(axis)) {
        return null; // one position that is repeated
      }
    }
    return plain(axis);
  }

  /** Whether numbers that are broadcast are the same for all positions. */
  static boolean isSame(Tensor numbers, int fromEnd) {
    return numbers == null || isSame(numbers.shape(), fromEnd);
  }

  static boolean isSame(Shape shape, int fromEnd) {
    return shape.rank() < fromEnd || shape.dim(-fromEnd) == 1;
  }

  /** The op of a node for a window of so many positions, whose surroundings are given with it. */
  Op within(Node node, int width) {
    Op op = node.op();
    if (op instanceof Op.Conv conv) {
      ConvGeometry g = conv.geometry();
      return new Op.Conv(
          conv.weight(),
          conv.bias(),
          new ConvGeometry(
              g.strides(),
              without(g.padsBegin(), axis - 1),
              without(g.padsEnd(), axis - 1),
              g.dilations(),
              g.groups()));
    } else if (op instanceof Op.MaxPool pool) {
      return new Op.MaxPool(unpadded(pool.geometry()));
    } else if (op instanceof Op.AveragePool pool) {
      return new Op.AveragePool(unpadded(pool.geometry()), pool.countPadding());
    } else if (op instanceof Op.Reshape reshape) {
      return new Op.Reshape(reshape.to().with(axis, width));
    } else if (op instanceof Op.Slice slice) {
      return new Op.Slice(
          without(slice.starts(), axis), slice.steps(), slice.to().with(axis, width));
    } else if (op instanceof Op.Pad pad) {
      return new Op.Pad(without(pad.begin(), axis), without(pad.end(), axis), pad.value());
    }
    return op;
  }

  private PoolGeometry unpadded(PoolGeometry g) {
    return new PoolGeometry(
        g.kernel(), g.strides(), without(g.padsBegin(), axis - 1), without(g.padsEnd(), axis - 1));
  }

  private static int[] without(int[] numbers, int at) {
    int[] changed = numbers.clone();
    changed[at] = 0;
    return changed;
  }

  /** Whether a node only moves numbers, so that what stands outside passes through it as it is. */
  static boolean isMove(Op op) {
    return op instanceof Op.Identity || op instanceof Op.Reshape || op instanceof Op.Transpose;
  }
}
