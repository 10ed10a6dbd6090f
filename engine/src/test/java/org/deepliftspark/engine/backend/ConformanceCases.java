package org.deepliftspark.engine.backend;

import static org.deepliftspark.engine.backend.ConformanceOperands.ALL;
import static org.deepliftspark.engine.backend.ConformanceOperands.NONE;
import static org.deepliftspark.engine.backend.ConformanceOperands.PAIR;
import static org.deepliftspark.engine.backend.ConformanceOperands.REFERENCE;
import static org.deepliftspark.engine.backend.ConformanceOperands.ROW;
import static org.deepliftspark.engine.backend.ConformanceOperands.SAMPLE;
import static org.deepliftspark.engine.backend.ConformanceOperands.TARGET;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.deepliftspark.engine.graph.Op.Reduction;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/**
 * The programs of the conformance suite; those with windows are in {@link ConformanceWindowCases}.
 */
final class ConformanceCases {
  private static final List<Extent> EXTENTS =
      List.of(NONE, TARGET, SAMPLE, REFERENCE, ROW, PAIR, Extent.of(Axis.TARGET, Axis.ROW), ALL);

  private final List<ConformanceCase> cases = new ArrayList<>();

  private ConformanceCases() {}

  static List<ConformanceCase> all() {
    ConformanceCases cases = new ConformanceCases();
    cases.sources();
    cases.unary();
    cases.binary();
    cases.select();
    cases.dense();
    cases.matMul();
    cases.reduce();
    cases.softmax();
    cases.shapes();
    cases.slices();
    cases.concat();
    cases.networks();
    cases.cases.addAll(ConformanceWindowCases.all());
    return List.copyOf(cases.cases);
  }

  private void add(String name, Function<ConformanceOperands, Value> result) {
    add(name, Draw.UNIFORM, result);
  }

  private void add(String name, Draw draw, Function<ConformanceOperands, Value> result) {
    cases.add(new ConformanceCase(name, draw, result));
  }

  private void sources() {
    add("Feed of rows", in -> in.row(2, 3));
    add("Feed of references", in -> in.pair(5));
    add("Feed of one number per row", in -> in.row());
    add("Constant of one number", in -> in.of(NONE));
    for (Extent extent : List.of(NONE, TARGET, SAMPLE, REFERENCE)) {
      add("Constant over " + extent, in -> in.of(extent, 3, 2));
    }
    add(
        "Constant over all axes but rows",
        in -> in.of(Extent.of(Axis.TARGET, Axis.SAMPLE, Axis.REFERENCE), 3));
    add("Scalar in full precision", in -> in.builder().scalar(1.0 / 3));
  }

  private void unary() {
    for (UnaryOp op : UnaryOp.values()) {
      Draw draw = op == UnaryOp.LOG || op == UnaryOp.SQRT ? Draw.POSITIVE : Draw.UNIFORM;
      for (Extent extent : List.of(NONE, ROW, PAIR, ALL)) {
        add(
            "Unary " + op + " over " + extent,
            draw,
            in -> in.builder().unary(op, in.of(extent, 3, 7)));
      }
      add("Unary " + op + " of one number", draw, in -> in.builder().unary(op, in.row()));
      add("Unary " + op + " of many", draw, in -> in.builder().unary(op, in.pair(2, 3, 41)));
    }
    for (UnaryOp op :
        List.of(UnaryOp.TANH, UnaryOp.SIGMOID, UnaryOp.ERF, UnaryOp.SOFTPLUS, UnaryOp.RELU)) {
      add("Unary " + op + " far from zero", Draw.WIDE, in -> in.builder().unary(op, in.row(5, 29)));
      add("Unary " + op + " at zero", Draw.TIES, in -> in.builder().unary(op, in.row(5, 3)));
    }
    for (double scale : List.of(1.0, 1e-2, 1e-5, 1e-8, 1e-18)) {
      add(
          "Unary TANH by its argument, up to " + scale,
          Draw.POSITIVE,
          in -> tanhQuotient(in, scale));
    }
    for (double below : List.of(2.0, 8.0, 20.0, 40.0)) {
      add(
          "Unary SOFTPLUS by its exponential, " + below + " below zero",
          in -> softplusQuotient(in, below));
    }
    add(
        "Unary LOG of zero",
        Draw.TIES,
        in -> in.builder().unary(UnaryOp.LOG, in.builder().unary(UnaryOp.ABS, in.row(9))));
  }

  /** Secant slopes need a tanh that is right relative to its argument, however small. */
  private static Value tanhQuotient(ConformanceOperands in, double scale) {
    ProgramBuilder code = in.builder();
    Value small = code.multiply(in.row(5, 7), code.scalar(scale));
    return code.divide(code.unary(UnaryOp.TANH, small), small);
  }

  /** A logarithm of a softplus needs one that is right relative to itself, however small. */
  private static Value softplusQuotient(ConformanceOperands in, double below) {
    ProgramBuilder code = in.builder();
    Value x = code.subtract(in.row(5, 7), code.scalar(below));
    return code.divide(code.unary(UnaryOp.SOFTPLUS, x), code.unary(UnaryOp.EXP, x));
  }

  private void binary() {
    for (Extent left : EXTENTS) {
      for (Extent right : EXTENTS) {
        add(
            "Binary SUBTRACT over " + left + " and " + right,
            in -> in.builder().subtract(in.of(left, 3, 5), in.of(right, 3, 5)));
      }
    }
    for (BinaryOp op : BinaryOp.values()) {
      for (Draw draw : List.of(Draw.UNIFORM, Draw.TIES)) {
        String name = "Binary " + op + (draw == Draw.TIES ? " with ties and zeros" : "");
        add(
            name + ", same extents",
            draw,
            in -> in.builder().binary(op, in.pair(7, 3), in.pair(7, 3)));
        add(
            name + ", rows against pairs",
            draw,
            in -> in.builder().binary(op, in.row(7, 3), in.pair(7, 3)));
        add(
            name + ", pairs against rows",
            draw,
            in -> in.builder().binary(op, in.pair(7, 3), in.row(7, 3)));
        add(
            name + ", targets against references",
            draw,
            in -> in.builder().binary(op, in.of(TARGET, 7), in.of(REFERENCE, 7)));
        add(
            name + ", pairs against a scalar",
            draw,
            in -> in.builder().binary(op, in.pair(7, 3), in.builder().scalar(1)));
        add(
            name + ", a scalar against rows",
            draw,
            in -> in.builder().binary(op, in.builder().scalar(-1), in.row(7, 3)));
      }
    }
    broadcasts("columns", new int[] {3, 5}, new int[] {3, 1});
    broadcasts("rows of a matrix", new int[] {3, 5}, new int[] {1, 5});
    broadcasts("an outer product", new int[] {3, 1}, new int[] {1, 5});
    broadcasts("a smaller rank", new int[] {2, 3, 5}, new int[] {5});
    broadcasts("the middle axis", new int[] {2, 3, 5}, new int[] {2, 1, 5});
    broadcasts("a matrix of one number", new int[] {2, 3}, new int[] {1, 1});
    broadcasts("single numbers", new int[] {}, new int[] {});
    broadcasts("a number per element of the extent", new int[] {4, 3}, new int[] {});
  }

  private void broadcasts(String what, int[] left, int[] right) {
    for (Extent extent : List.of(NONE, ROW, PAIR)) {
      add(
          "Binary DIVIDE broadcasting " + what + " over " + extent,
          in -> in.builder().divide(in.pair(left), in.of(extent, right)));
      add(
          "Binary DIVIDE broadcast from " + what + " over " + extent,
          in -> in.builder().divide(in.of(extent, right), in.row(left)));
    }
  }

  private void select() {
    add(
        "Select between pairs",
        Draw.TIES,
        in -> in.builder().select(in.pair(7, 2), in.pair(7, 2), in.pair(7, 2)));
    add(
        "Select on any number that is not zero",
        in -> in.builder().select(in.row(9), in.row(9), in.row(9)));
    add(
        "Select between a row and a reference",
        Draw.TIES,
        in -> in.builder().select(in.pair(7), in.row(7), in.of(REFERENCE, 7)));
    add(
        "Select by row between targets and samples",
        Draw.TIES,
        in -> in.builder().select(in.row(7), in.of(TARGET, 7), in.of(SAMPLE, 7)));
    add(
        "Select by a target's mask",
        Draw.TIES,
        in -> in.builder().select(in.of(TARGET, 7), in.pair(7), in.builder().scalar(0)));
    add(
        "Select broadcasting shapes",
        Draw.TIES,
        in -> in.builder().select(in.row(3, 1), in.pair(1, 5), in.builder().scalar(2)));
    add(
        "Select between constants",
        Draw.TIES,
        in -> in.builder().select(in.of(NONE, 7), in.of(TARGET, 7), in.of(NONE, 7)));
    add(
        "Select hides what is not a number",
        Draw.TIES,
        in -> {
          ProgramBuilder b = in.builder();
          Value divisor = in.pair(31);
          Value zero = b.binary(BinaryOp.EQUAL, divisor, b.scalar(0));
          return b.select(zero, b.scalar(5), b.divide(in.row(31), divisor));
        });
  }

  private void dense() {
    for (boolean transposed : new boolean[] {false, true}) {
      String name = transposed ? "Dense transposed" : "Dense";
      for (int[] size : new int[][] {{4, 3}, {1, 5}, {5, 1}, {1, 1}, {37, 11}}) {
        Function<ConformanceOperands, Tensor> weights =
            in -> transposed ? in.weights(size[1], size[0]) : in.weights(size[0], size[1]);
        add(
            name + " " + size[0] + " to " + size[1],
            in ->
                in.builder()
                    .dense(in.row(size[0]), weights.apply(in), transposed, in.weights(size[1])));
        add(
            name + " " + size[0] + " to " + size[1] + " over all axes",
            in -> in.builder().dense(in.of(ALL, size[0]), weights.apply(in), transposed, null));
        add(
            name + " " + size[0] + " to " + size[1] + " along a matrix",
            in ->
                in.builder()
                    .dense(
                        in.pair(2, 3, size[0]),
                        weights.apply(in),
                        transposed,
                        in.weights(size[1])));
      }
      add(
          name + " of shared references",
          in ->
              in.builder().dense(in.of(REFERENCE, 4), in.weights(4, 4), transposed, in.weights(4)));
    }
  }

  private void matMul() {
    for (Extent left : EXTENTS) {
      for (Extent right : EXTENTS) {
        add(
            "MatMul over " + left + " and " + right,
            in -> in.builder().matMul(in.of(left, 3, 5), in.of(right, 5, 2)));
      }
    }
    int[][][] shapes = {
      {{1, 4}, {4, 1}},
      {{4, 1}, {1, 3}},
      {{1, 1}, {1, 1}},
      {{17, 33}, {33, 9}},
      {{2, 3, 5}, {2, 5, 4}},
      {{2, 3, 5}, {1, 5, 4}},
      {{1, 3, 5}, {2, 5, 4}},
      {{2, 1, 3, 5}, {1, 3, 5, 4}},
      {{2, 4, 6, 8}, {2, 4, 8, 6}},
    };
    for (int[][] shape : shapes) {
      String name = "MatMul " + Arrays.toString(shape[0]) + " by " + Arrays.toString(shape[1]);
      add(name, in -> in.builder().matMul(in.pair(shape[0]), in.pair(shape[1])));
      add(name + " of rows", in -> in.builder().matMul(in.row(shape[0]), in.pair(shape[1])));
      add(
          name + " by a constant",
          in -> in.builder().matMul(in.of(ALL, shape[0]), in.of(NONE, shape[1])));
    }
    add(
        "MatMul of a value with its transpose",
        in -> {
          Value x = in.pair(4, 3);
          return in.builder().matMul(x, in.builder().transpose(x, 1, 0));
        });
  }

  private void reduce() {
    for (Reduction reduction : Reduction.values()) {
      for (int[] axes : new int[][] {{0}, {1}, {2}, {0, 2}, {1, 2}, {0, 1, 2}}) {
        String name = "Reduce " + reduction + " along " + Arrays.toString(axes);
        add(name, in -> in.builder().reduce(reduction, in.pair(3, 4, 5), axes));
        add(
            name + " over all axes",
            in -> in.builder().reduce(reduction, in.of(ALL, 3, 4, 5), axes));
      }
      add(
          "Reduce " + reduction + " of a vector",
          in -> in.builder().reduce(reduction, in.row(7), 0));
      add(
          "Reduce " + reduction + " of axes of length 1 among others",
          in -> in.builder().reduce(reduction, in.row(1, 7, 1, 2), 0, 1, 2));
      add(
          "Reduce " + reduction + " of shared references",
          in -> in.builder().reduce(reduction, in.of(REFERENCE, 2, 7), 1));
      add(
          "Reduce " + reduction + " of many",
          Draw.POSITIVE,
          in -> in.builder().reduce(reduction, in.row(2, 3001), 1));
    }
  }

  private void softmax() {
    for (int axis = 0; axis < 3; axis++) {
      int along = axis;
      add("Softmax along axis " + axis, in -> in.builder().softmax(in.pair(3, 4, 5), along));
      add(
          "Softmax far from zero along axis " + axis,
          Draw.WIDE,
          in -> in.builder().softmax(in.row(3, 4, 5), along));
    }
    add("Softmax of a vector", in -> in.builder().softmax(in.row(9), 0));
    add("Softmax of one number", in -> in.builder().softmax(in.row(1), 0));
    add("Softmax over all axes", in -> in.builder().softmax(in.of(ALL, 3, 2), 1));
    add("Softmax of a constant", in -> in.builder().softmax(in.of(TARGET, 3), 0));
  }

  private void shapes() {
    for (Extent extent : List.of(NONE, TARGET, ROW, PAIR, ALL)) {
      add(
          "Expand over " + extent,
          in -> in.builder().expand(in.of(extent, 1, 3, 1), Shape.of(2, 3, 5)));
      add(
          "Reshape over " + extent,
          in -> in.builder().reshape(in.of(extent, 2, 3, 5), Shape.of(6, 5)));
      add(
          "Transpose over " + extent,
          in -> in.builder().transpose(in.of(extent, 2, 3, 5), 2, 0, 1));
    }
    add("Expand of one number", in -> in.builder().expand(in.row(1), Shape.of(5)));
    add("Expand of the last axis", in -> in.builder().expand(in.pair(3, 1), Shape.of(3, 4)));
    add("Reshape to one number", in -> in.builder().reshape(in.row(1, 1), Shape.SCALAR));
    add(
        "Reshape of a reshape",
        in ->
            in.builder().reshape(in.builder().reshape(in.row(2, 6), Shape.of(12)), Shape.of(3, 4)));
    add("Transpose of a matrix", in -> in.builder().transpose(in.row(5, 3), 1, 0));
    add("Transpose that changes nothing", in -> in.builder().transpose(in.row(5, 3), 0, 1));
    add("Transpose of four axes", in -> in.builder().transpose(in.row(2, 3, 4, 5), 3, 1, 0, 2));
  }

  private void slices() {
    for (Extent extent : List.of(NONE, ROW, PAIR, ALL)) {
      add(
          "Slice over " + extent,
          in ->
              in.builder()
                  .slice(in.of(extent, 4, 7), new int[] {1, 2}, new int[] {1, 1}, Shape.of(2, 4)));
      add(
          "Slice with steps over " + extent,
          in ->
              in.builder()
                  .slice(in.of(extent, 4, 7), new int[] {0, 1}, new int[] {3, 2}, Shape.of(2, 3)));
      add(
          "Unslice over " + extent,
          in ->
              in.builder()
                  .unslice(
                      in.of(extent, 2, 4), new int[] {1, 2}, new int[] {1, 1}, Shape.of(4, 7)));
      add(
          "Unslice with steps over " + extent,
          in ->
              in.builder()
                  .unslice(
                      in.of(extent, 2, 3), new int[] {0, 1}, new int[] {3, 2}, Shape.of(4, 7)));
      add(
          "Pad over " + extent,
          in -> in.builder().pad(in.of(extent, 2, 3), new int[] {1, 0}, new int[] {0, 2}, 0));
    }
    add(
        "Slice to one element",
        in -> in.builder().slice(in.row(9), new int[] {8}, new int[] {1}, Shape.of(1)));
    add(
        "Slice of everything",
        in -> in.builder().slice(in.row(9), new int[] {0}, new int[] {1}, Shape.of(9)));
    add(
        "Slice whose step leaves a rest",
        in -> in.builder().slice(in.row(3, 8), new int[] {0, 1}, new int[] {2, 3}, Shape.of(2, 3)));
    add(
        "Unslice whose step leaves a rest",
        in ->
            in.builder().unslice(in.row(2, 2), new int[] {0, 0}, new int[] {2, 3}, Shape.of(4, 9)));
    add(
        "Unslice of one element",
        in -> in.builder().unslice(in.row(1), new int[] {4}, new int[] {1}, Shape.of(9)));
    add(
        "Unslice of everything",
        in -> in.builder().unslice(in.row(9), new int[] {0}, new int[] {1}, Shape.of(9)));
    add(
        "Pad with another number",
        in -> in.builder().pad(in.row(2, 3), new int[] {2, 3}, new int[] {1, 4}, -1.5f));
    add("Pad of a vector", in -> in.builder().pad(in.row(3), new int[] {2}, new int[] {1}, 0));
  }

  private void concat() {
    for (Extent left : EXTENTS) {
      for (Extent right : List.of(NONE, TARGET, ROW, PAIR)) {
        add(
            "Concat over " + left + " and " + right,
            in -> in.builder().concat(List.of(in.of(left, 2, 3), in.of(right, 1, 3)), 0));
      }
    }
    add(
        "Concat of three along the last axis",
        in -> in.builder().concat(List.of(in.pair(2, 3), in.row(2, 1), in.of(REFERENCE, 2, 4)), 1));
    add("Concat of vectors", in -> in.builder().concat(List.of(in.row(3), in.row(1)), 0));
    add(
        "Concat of a value with itself",
        in -> {
          Value x = in.row(2, 3);
          return in.builder().concat(List.of(x, x), 1);
        });
    add(
        "Concat along the middle axis",
        in -> in.builder().concat(List.of(in.row(2, 1, 3), in.pair(2, 2, 3)), 1));
  }

  /**
   * Values that are used late, twice, through reshapes, and given out while others still need them.
   */
  /** Backends may take rows together where weights are many, and must not mix them up. */
  private static Value largeMatrices(ConformanceOperands in, Extent extent) {
    ProgramBuilder code = in.builder();
    Value image = in.of(extent, 5, 4, 7);
    Value flat = code.reshape(image, Shape.of(140));
    Value hidden =
        code.unary(UnaryOp.RELU, code.dense(flat, in.weights(140, 90), false, in.weights(90)));
    Value again = code.dense(hidden, in.weights(140, 90), true, null);
    Value joined =
        code.add(code.add(code.reshape(again, Shape.of(5, 4, 7)), image), in.row(5, 4, 7));
    return code.reduce(Reduction.SUM, joined, 1);
  }

  private void networks() {
    for (Extent extent : List.of(ROW, PAIR, Extent.of(Axis.TARGET, Axis.ROW), ALL)) {
      add("A network with large matrices over " + extent, in -> largeMatrices(in, extent));
    }
    add(
        "Binary ADD of a value used early and late",
        in -> {
          ProgramBuilder b = in.builder();
          Value x = in.row(6);
          Value flat = b.reshape(x, Shape.of(2, 3));
          Value far = b.unary(UnaryOp.EXP, b.unary(UnaryOp.TANH, b.multiply(flat, flat)));
          b.output("early", flat);
          return b.add(b.reshape(far, Shape.of(6)), x);
        });
    add(
        "Dense of a hidden layer of pairs",
        in -> {
          ProgramBuilder b = in.builder();
          Tensor weight = in.weights(9, 17);
          Tensor bias = in.weights(17);
          Value x = b.unary(UnaryOp.RELU, b.dense(in.row(9), weight, false, bias));
          Value r = b.unary(UnaryOp.RELU, b.dense(in.pair(9), weight, false, bias));
          b.output("difference", b.subtract(x, r));
          return b.dense(b.multiply(b.subtract(x, r), in.of(TARGET, 17)), weight, true, null);
        });
    add(
        "Binary MULTIPLY by what follows from shared references alone",
        in -> {
          ProgramBuilder b = in.builder();
          Value shared =
              b.unary(UnaryOp.EXP, b.dense(in.of(REFERENCE, 4), in.weights(4, 3), false, null));
          b.output("shared", shared);
          return b.multiply(in.row(3), b.reshape(shared, Shape.of(3)));
        });
  }
}
