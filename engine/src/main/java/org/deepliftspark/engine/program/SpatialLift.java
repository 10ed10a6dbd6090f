package org.deepliftspark.engine.program;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.graph.ConvGeometry;
import org.deepliftspark.engine.graph.PoolGeometry;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/**
 * Rewrites 1-D convolutions and pools, {@code [channels, length]}, as 2-D ones over images of
 * height 1, {@code [channels, 1, length]}, and everything between them with it. Libraries keep
 * their best kernels for images. Numbers do not change but for the order of sums.
 */
public final class SpatialLift {
  private final Program program;
  private final ProgramBuilder code = new ProgramBuilder();
  private final Rewriter rewriter;
  private final boolean[] lifted;
  private final Map<Tensor, Tensor> weights = new IdentityHashMap<>();

  private SpatialLift(Program program) {
    this.program = program;
    this.rewriter = new Rewriter(program, code);
    this.lifted = new boolean[program.instructions().size()];
  }

  public static Program apply(Program program) {
    return new SpatialLift(program).apply();
  }

  private Program apply() {
    for (Instruction instruction : program.instructions()) {
      code.label(instruction.out().label());
      Value value = lift(instruction);
      if (value == null) {
        instruction.operands().forEach(this::lower);
        rewriter.copy(instruction);
      } else {
        rewriter.set(instruction.out(), value);
        lifted[instruction.out().id()] = true;
      }
    }
    for (Program.Output output : program.outputs()) {
      lower(output.value());
      code.output(output.name(), rewriter.of(output.value()));
    }
    return DeadValues.drop(code.build(program.sizes()));
  }

  /** The lifted form of an instruction, or null if it stays as it is. */
  private Value lift(Instruction instruction) {
    if (instruction instanceof Instruction.Conv i && i.geometry().spatialAxes() == 1) {
      return code.conv(image(i.x()), image(i.weight()), i.bias(), image(i.geometry()));
    } else if (instruction instanceof Instruction.ConvTranspose i
        && i.geometry().spatialAxes() == 1) {
      return code.convTranspose(
          image(i.m()), image(i.weight()), image(i.geometry()), image(i.out().shape()));
    } else if (instruction instanceof Instruction.MaxPool i && i.geometry().spatialAxes() == 1) {
      return code.maxPool(image(i.x()), image(i.geometry()));
    } else if (instruction instanceof Instruction.MaxSelect i && i.geometry().spatialAxes() == 1) {
      return code.maxSelect(image(i.selector()), image(i.source()), image(i.geometry()));
    } else if (instruction instanceof Instruction.MaxUnpool i && i.geometry().spatialAxes() == 1) {
      return code.maxUnpool(image(i.selector()), image(i.amount()), image(i.geometry()));
    } else if (instruction instanceof Instruction.AveragePool i
        && i.geometry().spatialAxes() == 1) {
      return code.averagePool(image(i.x()), image(i.geometry()), i.countPadding());
    } else if (instruction instanceof Instruction.AverageUnpool i
        && i.geometry().spatialAxes() == 1) {
      return code.averageUnpool(
          image(i.m()), image(i.geometry()), i.countPadding(), image(i.out().shape()));
    }
    return followsImages(instruction) ? liftBetween(instruction) : null;
  }

  private boolean followsImages(Instruction instruction) {
    boolean any = false;
    for (Value operand : instruction.operands()) {
      any |= lifted[operand.id()];
    }
    return any && instruction.out().shape().rank() == 2;
  }

  /** Element-wise instructions and those that move whole positions. */
  private Value liftBetween(Instruction instruction) {
    if (instruction instanceof Instruction.Unary i) {
      return code.unary(i.op(), image(i.x()));
    } else if (instruction instanceof Instruction.Binary i) {
      return code.binary(i.op(), imageOrScalar(i.a()), imageOrScalar(i.b()));
    } else if (instruction instanceof Instruction.Select i) {
      return code.select(imageOrScalar(i.condition()), imageOrScalar(i.a()), imageOrScalar(i.b()));
    } else if (instruction instanceof Instruction.Concat i) {
      List<Value> parts = new ArrayList<>();
      i.operands().forEach(part -> parts.add(image(part)));
      return code.concat(parts, i.axis() == 0 ? 0 : 2);
    } else if (instruction instanceof Instruction.Slice i) {
      return code.slice(
          image(i.x()), insert(i.starts(), 0), insert(i.steps(), 1), image(i.out().shape()));
    } else if (instruction instanceof Instruction.Unslice i) {
      return code.unslice(
          image(i.m()), insert(i.starts(), 0), insert(i.steps(), 1), image(i.out().shape()));
    } else if (instruction instanceof Instruction.Pad i) {
      return code.pad(image(i.x()), insert(i.begin(), 0), insert(i.end(), 0), i.value());
    } else if (instruction instanceof Instruction.Expand i) {
      return code.expand(image(i.x()), image(i.out().shape()));
    }
    return null;
  }

  private Value imageOrScalar(Value old) {
    return old.shape().rank() == 0 ? rewriter.of(old) : image(old);
  }

  private Value image(Value old) {
    Value value = rewriter.of(old);
    return value.shape().rank() == 3 ? value : code.reshape(value, image(old.shape()));
  }

  /** Makes a value one-dimensional in space again. */
  private void lower(Value old) {
    if (lifted[old.id()]) {
      rewriter.set(old, code.reshape(rewriter.of(old), old.shape()));
      lifted[old.id()] = false;
    }
  }

  private static Shape image(Shape shape) {
    return Shape.of(shape.dim(0), 1, shape.dim(1));
  }

  /** The same object for the same weights, so that both forward passes go on sharing them. */
  private Tensor image(Tensor weight) {
    Shape shape = weight.shape();
    return weights.computeIfAbsent(
        weight, w -> w.reshaped(shape.dim(0), shape.dim(1), 1, shape.dim(2)));
  }

  private static ConvGeometry image(ConvGeometry geometry) {
    return new ConvGeometry(
        new int[] {1, geometry.strides()[0]},
        new int[] {0, geometry.padsBegin()[0]},
        new int[] {0, geometry.padsEnd()[0]},
        new int[] {1, geometry.dilations()[0]},
        geometry.groups());
  }

  private static PoolGeometry image(PoolGeometry geometry) {
    return new PoolGeometry(
        new int[] {1, geometry.kernel()[0]},
        new int[] {1, geometry.strides()[0]},
        new int[] {0, geometry.padsBegin()[0]},
        new int[] {0, geometry.padsEnd()[0]});
  }

  private static int[] insert(int[] numbers, int middle) {
    return new int[] {numbers[0], middle, numbers[1]};
  }
}
