package org.deepliftspark.engine.backend.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deepliftspark.engine.backend.onnx.OnnxGraph.Attribute;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Value;

/**
 * Writes a program as an ONNX graph, instruction by instruction. Convolutions and pools have
 * emitters of their own.
 */
final class OnnxEmitter {
  private final Program program;
  private final LeadLayout layout;
  private final OnnxGraph graph;
  private final Function<Instruction.Feed, String> feeds;
  private final Map<Integer, String> names = new HashMap<>();
  private final Map<Integer, String> conditions = new HashMap<>();
  private final int[] uses;
  private final OnnxConvolutions convolutions;
  private final OnnxPools pools;
  private String dynamicLength;

  /**
   * @param feeds declares the input of a feed and gives the name of its value, which has the
   *     dimensions of {@link #dims(Value)}
   */
  OnnxEmitter(
      Program program,
      LeadLayout layout,
      OnnxGraph graph,
      Function<Instruction.Feed, String> feeds) {
    this.program = program;
    this.layout = layout;
    this.graph = graph;
    this.feeds = feeds;
    this.uses = uses(program);
    this.convolutions = new OnnxConvolutions(graph, this);
    this.pools = new OnnxPools(graph, this);
  }

  /**
   * The ONNX model of a part of a program. Inputs are named by {@link #feedName} and {@link
   * #valueName}, outputs by the program's outputs and {@link #valueName}.
   */
  static byte[] emit(Program program, LeadLayout layout, SessionPart part) {
    OnnxGraph graph = new OnnxGraph();
    OnnxEmitter emitter =
        new OnnxEmitter(
            program, layout, graph, feed -> graph.input(feedName(feed), layout.dims(feed.out())));
    emitter.emit(part);
    for (Program.Output output : part.outputs()) {
      emitter.output(output.value(), output.name());
    }
    for (Value value : part.handedOver()) {
      emitter.output(value, valueName(value));
    }
    return graph.build();
  }

  private void output(Value value, String name) {
    graph.rename(name(value), name);
    graph.output(name, dims(value));
  }

  /** Writes the instructions of a part, in order. */
  void emit(SessionPart part) {
    for (Value value : part.received()) {
      names.put(value.id(), graph.input(valueName(value), dims(value)));
    }
    part.instructions().stream()
        .mapToObj(program.instructions()::get)
        .forEach(instruction -> names.put(instruction.out().id(), emit(instruction)));
  }

  /** Name of a value between two sessions. */
  static String valueName(Value value) {
    return "value_" + value.id();
  }

  static String feedName(Instruction.Feed feed) {
    return (feed.role() == Instruction.Role.INPUT ? "input_" : "reference_") + feed.input();
  }

  private static int[] uses(Program program) {
    int[] uses = new int[program.instructions().size()];
    for (Instruction instruction : program.instructions()) {
      for (Value operand : instruction.operands()) {
        uses[operand.id()]++;
      }
    }
    for (Program.Output output : program.outputs()) {
      uses[output.value().id()]++;
    }
    return uses;
  }

  String name(Value value) {
    return names.get(value.id());
  }

  LeadLayout layout() {
    return layout;
  }

  /** A file may pad in front of a maximum by minus infinity, whose sum would be no number. */
  boolean padsByInfinity(Value value) {
    Instruction made = program.definition(value);
    if (made instanceof Instruction.Pad pad) {
      return Float.isInfinite(pad.value());
    }
    return (made instanceof Instruction.Transpose || made instanceof Instruction.Reshape)
        && padsByInfinity(made.operands().get(0));
  }

  /** Leading dimensions and shape; -1 for the dimension that is chosen per call. */
  int[] dims(Value value) {
    return layout.dims(value);
  }

  int[] dims(Extent extent, int... shape) {
    return layout.dims(extent, shape);
  }

  String reshape(String value, int... dims) {
    return graph.node("Reshape", List.of(value, graph.longs(asLongs(dims))));
  }

  /** A value with all leading dimensions merged into one, as convolutions and pools need it. */
  String merged(Value value) {
    return layout.rank(value.extent()) == 1
        ? name(value)
        : mergedTo(name(value), value.shape().dims());
  }

  String mergedTo(String name, int... shape) {
    int[] dims = new int[shape.length + 1];
    dims[0] = -1;
    System.arraycopy(shape, 0, dims, 1, shape.length);
    return reshape(name, dims);
  }

  /** The opposite of {@link #merged}. */
  String split(String merged, Value value) {
    return layout.rank(value.extent()) == 1 ? merged : reshape(merged, dims(value));
  }

  /** Repeats a value along the leading dimensions that it lacks. */
  String expanded(Value value, Extent extent) {
    if (layout.same(value.extent(), extent)) {
      return name(value);
    }
    int[] lead = layout.dims(extent);
    List<String> parts = new ArrayList<>();
    for (int dim : lead) {
      parts.add(dim < 0 ? dynamicLength() : graph.longs(dim));
    }
    parts.add(graph.longs(asLongs(value.shape().dims())));
    return graph.node(
        "Expand", List.of(name(value), graph.node("Concat", parts, Attribute.of("axis", 0L))));
  }

  private String dynamicLength() {
    return dynamicLength;
  }

  private String emit(Instruction instruction) {
    Value out = instruction.out();
    if (instruction instanceof Instruction.Feed feed) {
      return feed(feed);
    } else if (instruction instanceof Instruction.Constant constant) {
      return constant(constant);
    } else if (instruction instanceof Instruction.Scalar scalar) {
      return graph.scalar(scalar.number());
    } else if (instruction instanceof Instruction.Unary unary) {
      return OnnxUnaries.emit(unary.op(), name(unary.x()), graph);
    } else if (instruction instanceof Instruction.Binary binary) {
      return binary(binary);
    } else if (instruction instanceof Instruction.Select select) {
      return graph.node(
          "Where", List.of(condition(select.condition()), name(select.a()), name(select.b())));
    } else if (instruction instanceof Instruction.Dense dense) {
      return dense(dense);
    } else if (instruction instanceof Instruction.MatMul product) {
      return graph.node("MatMul", List.of(name(product.a()), name(product.b())));
    } else if (instruction instanceof Instruction.Conv conv) {
      return convolutions.forward(conv);
    } else if (instruction instanceof Instruction.ConvTranspose conv) {
      return convolutions.transpose(conv);
    } else if (instruction instanceof Instruction.MaxPool pool) {
      return pools.max(pool);
    } else if (instruction instanceof Instruction.MaxSelect select) {
      return pools.select(select);
    } else if (instruction instanceof Instruction.MaxUnpool unpool) {
      return pools.unpool(unpool);
    } else if (instruction instanceof Instruction.AveragePool pool) {
      return pools.average(pool);
    } else if (instruction instanceof Instruction.AverageUnpool unpool) {
      return pools.averageUnpool(unpool);
    } else if (instruction instanceof Instruction.Reduce reduce) {
      return reduce(reduce);
    } else if (instruction instanceof Instruction.Expand expand) {
      return graph.node(
          "Expand", List.of(name(expand.x()), graph.longs(asLongs(out.shape().dims()))));
    } else if (instruction instanceof Instruction.Reshape reshape) {
      return reshape(name(reshape.x()), dims(out));
    } else if (instruction instanceof Instruction.Transpose transpose) {
      return transpose(transpose);
    } else if (instruction instanceof Instruction.Concat concat) {
      List<String> parts =
          concat.operands().stream().map(part -> expanded(part, out.extent())).toList();
      return graph.node(
          "Concat", parts, Attribute.of("axis", (long) concat.axis() - out.shape().rank()));
    } else if (instruction instanceof Instruction.Slice slice) {
      return slice(name(slice.x()), slice.starts(), slice.steps(), out.shape());
    } else if (instruction instanceof Instruction.Unslice unslice) {
      return unslice(unslice);
    } else if (instruction instanceof Instruction.Pad pad) {
      return pad(name(pad.x()), out.extent(), pad.begin(), pad.end(), pad.value());
    } else if (instruction instanceof Instruction.Softmax softmax) {
      return graph.node(
          "Softmax",
          List.of(name(softmax.x())),
          Attribute.of("axis", (long) softmax.axis() - out.shape().rank()));
    }
    throw new IllegalStateException(
        "Backend 'onnx' has no node for " + instruction.getClass().getSimpleName());
  }

  private String feed(Instruction.Feed feed) {
    String name = feeds.apply(feed);
    if (dynamicLength == null && dims(feed.out())[0] < 0) {
      String shape = graph.node("Shape", List.of(name));
      dynamicLength = graph.node("Slice", List.of(shape, graph.longs(0), graph.longs(1)));
    }
    return name;
  }

  private String constant(Instruction.Constant constant) {
    Value out = constant.out();
    if (out.extent().equals(Extent.NONE) && out.shape().rank() == constant.data().shape().rank()) {
      return out.shape().rank() == 0 ? graph.tensor(constant.data()) : lead(constant.data());
    }
    return graph.floats(constant.data().data(), dims(out));
  }

  /** Every value has a leading dimension, constants too. */
  private String lead(Tensor data) {
    int[] dims = new int[data.shape().rank() + 1];
    dims[0] = 1;
    System.arraycopy(data.shape().dims(), 0, dims, 1, dims.length - 1);
    return graph.floats(data.data(), dims);
  }

  private String binary(Instruction.Binary binary) {
    List<String> operands = List.of(name(binary.a()), name(binary.b()));
    return switch (binary.op()) {
      case ADD -> graph.node("Add", operands);
      case SUBTRACT -> graph.node("Sub", operands);
      case MULTIPLY -> graph.node("Mul", operands);
      case DIVIDE -> graph.node("Div", operands);
      case MINIMUM -> graph.node("Min", variadic(binary));
      case MAXIMUM -> graph.node("Max", variadic(binary));
      case EQUAL -> compared("Equal", operands, binary.out());
      case LESS -> compared("Less", operands, binary.out());
    };
  }

  /**
   * min(min(a, b), c) is one pass over memory as Min(a, b, c), where nothing else reads the inner
   * one and no other session computes it.
   */
  private List<String> variadic(Instruction.Binary binary) {
    List<String> operands = new ArrayList<>();
    if (program.definition(binary.a()) instanceof Instruction.Binary inner
        && inner.op() == binary.op()
        && uses[inner.out().id()] == 1
        && inner.operands().stream().allMatch(operand -> names.containsKey(operand.id()))) {
      operands.add(name(inner.a()));
      operands.add(name(inner.b()));
    } else {
      operands.add(name(binary.a()));
    }
    operands.add(name(binary.b()));
    return operands;
  }

  private String compared(String op, List<String> operands, Value out) {
    String condition = graph.node(op, operands);
    conditions.put(out.id(), condition);
    return graph.node("Cast", List.of(condition), Attribute.of("to", 1L));
  }

  private String condition(Value value) {
    String known = conditions.get(value.id());
    return known != null ? known : graph.node("Cast", List.of(name(value)), Attribute.of("to", 9L));
  }

  private String dense(Instruction.Dense dense) {
    boolean matrix = layout.rank(dense.out().extent()) == 1 && dense.x().shape().rank() == 1;
    if (matrix) {
      List<String> inputs = new ArrayList<>(List.of(name(dense.x()), graph.tensor(dense.weight())));
      if (dense.bias() != null) {
        inputs.add(graph.tensor(dense.bias()));
      }
      return graph.node("Gemm", inputs, Attribute.of("transB", dense.transposed() ? 1L : 0L));
    }
    String weight = graph.tensor(dense.weight());
    if (dense.transposed()) {
      weight = graph.node("Transpose", List.of(weight), Attribute.of("perm", 1, 0));
    }
    String product = graph.node("MatMul", List.of(name(dense.x()), weight));
    return dense.bias() == null
        ? product
        : graph.node("Add", List.of(product, graph.tensor(dense.bias())));
  }

  private String reduce(Instruction.Reduce reduce) {
    int[] axes = reduce.axes().clone();
    for (int i = 0; i < axes.length; i++) {
      axes[i] -= reduce.x().shape().rank();
    }
    String x = name(reduce.x());
    return switch (reduce.reduction()) {
      case SUM -> graph.node("ReduceSum", List.of(x, graph.longs(asLongs(axes))));
      case MEAN -> graph.node("ReduceMean", List.of(x), Attribute.of("axes", axes));
      case MAX -> maximum(reduce.x(), axes);
    };
  }

  /** ReduceMax passes over what is not a number; see {@link OnnxPools#max}. */
  private String maximum(Value of, int[] axes) {
    String x = name(of);
    String largest = graph.node("ReduceMax", List.of(x), Attribute.of("axes", axes));
    if (padsByInfinity(of)) {
      return largest;
    }
    String sum = graph.node("ReduceSum", List.of(x, graph.longs(asLongs(axes))));
    return graph.node("Add", List.of(largest, graph.node("Sub", List.of(sum, sum))));
  }

  private String transpose(Instruction.Transpose transpose) {
    int lead = layout.rank(transpose.out().extent());
    int[] permutation = new int[lead + transpose.permutation().length];
    for (int axis = 0; axis < permutation.length; axis++) {
      permutation[axis] = axis < lead ? axis : transpose.permutation()[axis - lead] + lead;
    }
    return graph.node("Transpose", List.of(name(transpose.x())), Attribute.of("perm", permutation));
  }

  /** A slice over the last axes. */
  String slice(String x, int[] starts, int[] steps, Shape to) {
    int rank = starts.length;
    long[] ends = new long[rank];
    long[] axes = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      ends[axis] = starts[axis] + (long) (to.dim(axis) - 1) * steps[axis] + 1;
      axes[axis] = axis - rank;
    }
    return graph.node(
        "Slice",
        List.of(
            x,
            graph.longs(asLongs(starts)),
            graph.longs(ends),
            graph.longs(axes),
            graph.longs(asLongs(steps))));
  }

  /** Zeros between the elements where a step is larger than 1, then zeros around them. */
  private String unslice(Instruction.Unslice unslice) {
    String value = name(unslice.m());
    Extent extent = unslice.out().extent();
    int[] dims = unslice.m().shape().dims();
    int[] begin = unslice.starts();
    int[] end = new int[dims.length];
    for (int axis = 0; axis < dims.length; axis++) {
      if (unslice.steps()[axis] > 1) {
        value = spread(value, extent, dims, axis, unslice.steps()[axis]);
        dims[axis] *= unslice.steps()[axis];
      }
      end[axis] = unslice.out().shape().dim(axis) - begin[axis] - dims[axis];
    }
    return pad(value, extent, begin, end, 0f);
  }

  private String spread(String value, Extent extent, int[] dims, int axis, int step) {
    int[] unsqueezed = new int[dims.length + 1];
    System.arraycopy(dims, 0, unsqueezed, 0, axis + 1);
    unsqueezed[axis + 1] = 1;
    System.arraycopy(dims, axis + 1, unsqueezed, axis + 2, dims.length - axis - 1);
    int[] end = new int[unsqueezed.length];
    end[axis + 1] = step - 1;
    String padded =
        pad(reshape(value, dims(extent, unsqueezed)), extent, new int[end.length], end, 0f);
    int[] wider = dims.clone();
    wider[axis] *= step;
    return reshape(padded, dims(extent, wider));
  }

  /** Padding of the last axes; a negative number crops. */
  String pad(String x, Extent extent, int[] begin, int[] end, float value) {
    int lead = layout.rank(extent);
    long[] pads = new long[2 * (lead + begin.length)];
    for (int axis = 0; axis < begin.length; axis++) {
      pads[lead + axis] = begin[axis];
      pads[pads.length / 2 + lead + axis] = end[axis];
    }
    return graph.node("Pad", List.of(x, graph.longs(pads), graph.scalar(value)));
  }

  static long[] asLongs(int... numbers) {
    return Arrays.stream(numbers).asLongStream().toArray();
  }
}
