package org.deepliftspark.engine.backend.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Value;

/**
 * Turns the instructions of a program into steps: decides the layout of every value, and puts in
 * copies where a kernel needs another one.
 */
final class Lowering {
  private final Program program;
  private final Grid grid;
  private final LayoutChoice choice;
  private final Merged merged;
  private final Cell[] cells;
  private final List<Step> steps = new ArrayList<>();
  private final Map<List<Object>, Cell> converted = new HashMap<>();
  private final Products products;
  private final Convolutions convolutions;
  private final Pooling pooling;

  private Lowering(Program program, Grid grid, Weights weights) {
    this.program = program;
    this.grid = grid;
    this.choice = new LayoutChoice(program);
    this.merged = new Merged(program, choice);
    this.cells = new Cell[program.instructions().size()];
    this.products = new Products(this, weights);
    this.convolutions = new Convolutions(this, weights, new WinogradRoutes(program));
    this.pooling = new Pooling(this);
  }

  /** Steps in an order in which every one finds what it reads. */
  static List<Step> steps(Program program, Grid grid, Weights weights) {
    Lowering lowering = new Lowering(program, grid, weights);
    program.instructions().forEach(lowering::lower);
    for (Program.Output output : program.outputs()) {
      Cell x = lowering.as(output.value(), Layout.ROW_MAJOR);
      Kernel kernel = new OutputKernel(output.name(), x, output.value().extent(), lowering.grid);
      lowering.add(new Step(List.of(x), List.of(), x.extent(), false, null, List.of(), kernel));
    }
    return lowering.steps;
  }

  private void lower(Instruction instruction) {
    if (instruction instanceof Instruction.Scalar) {
      return; // a number wherever it is used, see number()
    } else if (cells[instruction.out().id()] != null || merged.isAbsorbed(instruction)) {
      return; // computed together with an operand, or a reader
    }
    cells[instruction.out().id()] = cell(instruction);
  }

  private Cell cell(Instruction instruction) {
    if (instruction instanceof Instruction.Feed i) {
      Cell out = newCell(i.out(), Layout.ROW_MAJOR);
      return add(Step.of(List.of(), out, new FeedKernel(i, out, grid)));
    } else if (instruction instanceof Instruction.Constant i) {
      Cell out = newCell(i.out(), choice.preferred(i.out().shape()));
      return add(Step.of(List.of(), out, new ConstantKernel(i, out, grid)));
    } else if (instruction instanceof Instruction.Unary i) {
      return Elementwise.lower(this, i.op(), i.operands(), i.out());
    } else if (instruction instanceof Instruction.Binary i) {
      return binary(i);
    } else if (instruction instanceof Instruction.Select i) {
      return Elementwise.lower(this, TileCode.SELECT, i.operands(), i.out());
    } else if (instruction instanceof Instruction.Dense i) {
      return products.dense(i);
    } else if (instruction instanceof Instruction.MatMul i) {
      return matMul(i);
    } else if (instruction instanceof Instruction.Conv i) {
      return convolutions.forward(i);
    } else if (instruction instanceof Instruction.ConvTranspose i) {
      return convolutions.adjoint(i);
    } else if (instruction instanceof Instruction.Reduce i) {
      return reduce(i);
    } else if (instruction instanceof Instruction.Softmax i) {
      return softmax(i);
    }
    Cell pooled = pooling.lower(instruction);
    return pooled != null ? pooled : Moves.lower(this, instruction);
  }

  private Cell binary(Instruction.Binary instruction) {
    Value out = instruction.out();
    if (merged.share(instruction) != null) {
      return Elementwise.lower(this, TileCode.SHARE, merged.share(instruction), out);
    } else if (merged.unpool(instruction) != null) {
      return pooling.scaledUnpool(merged.unpool(instruction), instruction);
    } else if (Elementwise.isMaximumOfPositiveParts(this, instruction)) {
      return Elementwise.maximumOfPositiveParts(this, instruction);
    } else if (isComparisonWithZero(instruction)) {
      return Elementwise.lower(this, TileCode.IS_ZERO, List.of(instruction.a()), out);
    }
    return Elementwise.lower(this, instruction.op(), instruction.operands(), out);
  }

  /** As a number, not to choose by: of what is not a number it gives none. */
  private boolean isComparisonWithZero(Instruction.Binary instruction) {
    Double number = number(instruction.b());
    return instruction.op() == BinaryOp.EQUAL
        && number != null
        && number == 0
        && number(instruction.a()) == null
        && !choice.isCondition(instruction.out());
  }

  private Cell matMul(Instruction.MatMul product) {
    Cell a = as(product.a(), Layout.ROW_MAJOR);
    Cell b = as(product.b(), Layout.ROW_MAJOR);
    Cell out = newCell(product.out(), Layout.ROW_MAJOR);
    Kernel kernel =
        new MatMulKernel(
            a, product.a().shape(), b, product.b().shape(), out, product.out().shape());
    return add(Step.of(List.of(a, b), out, kernel));
  }

  private Cell reduce(Instruction.Reduce instruction) {
    Shape from = instruction.x().shape();
    Shape to = instruction.out().shape();
    Cell x = addressable(instruction.x());
    boolean follows = !x.layout().isRowMajor();
    Cell out = newCell(instruction.out(), follows ? Layout.channelsLast(to) : Layout.ROW_MAJOR);
    if (follows
        && instruction.reduction() != Op.Reduction.MAX
        && to.size() == x.layout().channels()
        && to.dim(0) == to.size()) {
      boolean mean = instruction.reduction() == Op.Reduction.MEAN;
      return add(Step.of(List.of(x), out, new ChannelSums(x, out, mean)));
    }
    int[] strides = out.layout().strides(to);
    for (int axis : instruction.axes()) {
      strides[axis < 0 ? axis + strides.length : axis] = 0;
    }
    Kernel kernel =
        new ReduceKernel(
            x, out, instruction.reduction(), from.dims(), x.layout().strides(from), strides);
    return add(Step.of(List.of(x), out, kernel));
  }

  private Cell softmax(Instruction.Softmax instruction) {
    Shape shape = instruction.x().shape();
    Cell x = addressable(instruction.x());
    Cell out = newCell(instruction.out(), x.layout());
    int axis = instruction.axis() < 0 ? instruction.axis() + shape.rank() : instruction.axis();
    Kernel kernel = new SoftmaxKernel(x, out, shape.dim(axis), x.layout().strides(shape)[axis]);
    return add(Step.of(List.of(x), out, kernel));
  }

  /** Says where an instruction that is still to come has its result. */
  void computed(Value value, Cell cell) {
    cells[value.id()] = cell;
  }

  boolean isComputed(Value value) {
    return cells[value.id()] != null;
  }

  Instruction definition(Value value) {
    return program.definition(value);
  }

  Grid grid() {
    return grid;
  }

  LayoutChoice choice() {
    return choice;
  }

  Cell add(Step step) {
    steps.add(step);
    return step.writes().isEmpty() ? null : step.writes().get(0);
  }

  Cell newCell(Value value, Layout layout) {
    return new Cell(value.shape().size(), grid.clean(value.extent()), layout);
  }

  /** The number of a value that is one in full, or null. */
  Double number(Value value) {
    return program.definition(value) instanceof Instruction.Scalar scalar ? scalar.number() : null;
  }

  /** A value in whatever layout it has. */
  Cell of(Value value) {
    if (cells[value.id()] == null) {
      cells[value.id()] = filled(number(value), new Cell(1, Extent.NONE, Layout.ROW_MAJOR));
    }
    return cells[value.id()];
  }

  private Cell filled(double number, Cell out) {
    Kernel kernel = frame -> out.write(frame, 0, new float[] {(float) number}, 1);
    return add(Step.of(List.of(), out, kernel));
  }

  /** A value in a certain layout; copied there if need be, once. */
  Cell as(Value value, Layout layout) {
    return converted(of(value), layout);
  }

  /** A value in a layout that has strides for its shape. */
  Cell addressable(Value value) {
    Cell cell = of(value);
    boolean fits = cell.layout().strides(value.shape()) != null;
    return fits ? cell : as(value, Layout.ROW_MAJOR);
  }

  /** The same numbers in another layout. */
  Cell converted(Cell cell, Layout layout) {
    if (cell.layout().equals(layout)) {
      return cell;
    }
    Tiling tiling = layout.isTiled() ? layout.tiling() : cell.layout().tiling();
    boolean throughProgram =
        tiling == null
            ? !cell.layout().isRowMajor() && !layout.isRowMajor()
            : cell.layout().isTiled() && layout.isTiled();
    if (throughProgram) {
      return converted(converted(cell, Layout.ROW_MAJOR), layout);
    }
    Cell known = converted.get(List.of(cell, layout));
    if (known != null) {
      return known;
    }
    Cell out = new Cell(cell.size(), cell.extent(), layout);
    StridedCopy.Part part = tiling == null ? turned(cell, layout) : tiled(cell, layout, tiling);
    add(Step.of(List.of(cell), out, new StridedCopy(out, 0, List.of(part))));
    converted.put(List.of(cell, layout), out);
    return out;
  }

  /** Between the program's order and channels last. */
  private static StridedCopy.Part turned(Cell cell, Layout layout) {
    Layout other = layout.isRowMajor() ? cell.layout() : layout;
    int[] dims = {other.channels(), other.space()};
    int[] plain = {other.space(), 1};
    int[] last = {1, other.channels()};
    return layout.isRowMajor()
        ? new StridedCopy.Part(cell, dims, last, plain, 0, 0)
        : new StridedCopy.Part(cell, dims, plain, last, 0, 0);
  }

  /** To or from planes of windows. */
  private static StridedCopy.Part tiled(Cell cell, Layout layout, Tiling tiling) {
    int channels = cell.size() / (tiling.width() * tiling.height());
    return new StridedCopy.Part(
        cell,
        Layout.tileDims(channels, tiling),
        cell.layout().tileStrides(channels, tiling),
        layout.tileStrides(channels, tiling),
        0,
        0);
  }
}
