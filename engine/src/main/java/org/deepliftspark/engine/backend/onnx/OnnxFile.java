package org.deepliftspark.engine.backend.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.backend.onnx.OnnxGraph.Attribute;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.SpatialLift;
import org.deepliftspark.engine.program.Value;

/**
 * A program as an ONNX file of its own, for any ONNX runtime: one row per call, with as many
 * references as the call brings, and outputs averaged over them. Plain operators of ONNX only. Not
 * safe for several threads.
 */
public final class OnnxFile {
  private final Program program;
  private final LeadLayout layout;
  private final OnnxGraph graph = new OnnxGraph();
  private final OnnxEmitter emitter;
  private final List<Port> inputs;
  private final Map<String, Value> outputs = new HashMap<>();

  /**
   * An input of the file.
   *
   * @param input name of the row's array, {@code [1, shape...]}
   * @param reference name of the references' array, {@code [R, shape...]}
   * @param channelsFirst whether these arrays, and what is written for this input, have the last
   *     axis of the program's shape in front of the others
   */
  public record Port(String input, String reference, boolean channelsFirst) {}

  /**
   * @param given a program of one target, whose references are fed, more than one per row
   * @param inputs by the position of the model's inputs
   */
  public OnnxFile(Program given, List<Port> inputs) {
    this.program = SpatialLift.apply(given);
    this.layout = LeadLayout.of(program);
    if (!layout.rowByRow() || !layout.dynamic() || program.sizes().targets() != 1) {
      throw new IllegalArgumentException("Expected one target and references that are fed");
    }
    this.inputs = List.copyOf(inputs);
    this.emitter = new OnnxEmitter(program, layout, graph, this::feed);
    emitter.emit(SessionPart.whole(program));
    program.outputs().forEach(output -> outputs.put(output.name(), output.value()));
  }

  private String feed(Instruction.Feed feed) {
    Port port = inputs.get(feed.input());
    String name = feed.role() == Instruction.Role.INPUT ? port.input() : port.reference();
    int[] lead = layout.dims(feed.out().extent());
    Shape shape = feed.out().shape();
    if (!port.channelsFirst()) {
      return graph.input(name, layout.dims(feed.out()));
    }
    int[] first = shape.permuted(toFirst(shape.rank())).dims();
    String declared = graph.input(name, layout.dims(feed.out().extent(), first));
    return transpose(declared, lead.length, toLast(shape.rank()));
  }

  /**
   * Gives out an output of the program, averaged over references and samples, {@code [1,
   * shape...]}.
   */
  public OnnxFile average(String output, String name, Port port) {
    Value value = outputs.get(output);
    Shape shape = value.shape();
    String merged = emitter.reshape(emitter.name(value), -1, shape.size());
    boolean many = value.extent().has(Axis.REFERENCE) || value.extent().has(Axis.SAMPLE);
    // a product with 1 / R, since runtimes sum an axis in other orders where its length differs
    String mean = many ? graph.node("MatMul", List.of(shares(merged), merged)) : merged;
    String shaped = emitter.reshape(mean, layoutOfOne(shape));
    if (port.channelsFirst()) {
      return put(
          transpose(shaped, 1, toFirst(shape.rank())),
          name,
          layoutOfOne(shape.permuted(toFirst(shape.rank()))));
    }
    return put(shaped, name, layoutOfOne(shape));
  }

  /** Gives out one number per reference, or one in all, of an output of shape {@code [1]}. */
  public OnnxFile number(String output, String name) {
    int[] dims = dimsOfNumber(output);
    return put(numbers(output), name, dims);
  }

  /**
   * Gives out per reference the sum over all elements of some outputs minus the difference of two
   * numbers.
   */
  public OnnxFile remainder(List<String> summed, String minuend, String subtrahend, String name) {
    String sum = null;
    for (String output : summed) {
      String part = sum(outputs.get(output));
      sum = sum == null ? part : graph.node("Add", List.of(sum, part));
    }
    String difference = graph.node("Sub", List.of(numbers(minuend), numbers(subtrahend)));
    return put(graph.node("Sub", List.of(sum, difference)), name, new int[] {-1});
  }

  /**
   * @param properties what the file says about itself
   */
  public byte[] build(Map<String, String> properties) {
    return graph.build(properties);
  }

  private OnnxFile put(String value, String name, int[] dims) {
    graph.rename(value, name);
    graph.output(name, dims);
    return this;
  }

  /** {@code [1, count]}, each 1 / count, for the rows of a matrix. */
  private String shares(String matrix) {
    String count =
        graph.node(
            "Slice", List.of(graph.node("Shape", List.of(matrix)), graph.longs(0), graph.longs(1)));
    String length = graph.node("Concat", List.of(graph.longs(1), count), Attribute.of("axis", 0L));
    String ones = graph.node("Expand", List.of(graph.scalar(1), length));
    return graph.node(
        "Div", List.of(ones, graph.node("Cast", List.of(count), Attribute.of("to", 1L))));
  }

  /** The sum over all elements, averaged over samples: one number per reference, or one in all. */
  private String sum(Value value) {
    int size = value.shape().size();
    boolean samples = value.extent().has(Axis.SAMPLE) && program.sizes().samples() > 1;
    if (!samples) {
      String rows = emitter.reshape(emitter.name(value), -1, size);
      return graph.node("ReduceSum", List.of(rows, graph.longs(1)), Attribute.of("keepdims", 0L));
    }
    String rows = emitter.reshape(emitter.name(value), program.sizes().samples(), -1, size);
    String sums =
        graph.node("ReduceSum", List.of(rows, graph.longs(2)), Attribute.of("keepdims", 0L));
    return graph.node(
        "ReduceMean",
        List.of(sums),
        Attribute.of("axes", new int[1]),
        Attribute.of("keepdims", 0L));
  }

  private String numbers(String output) {
    return emitter.reshape(emitter.name(outputs.get(output)), dimsOfNumber(output));
  }

  private int[] dimsOfNumber(String output) {
    return new int[] {outputs.get(output).extent().has(Axis.REFERENCE) ? -1 : 1};
  }

  private String transpose(String value, int lead, int[] permutation) {
    int[] whole = new int[lead + permutation.length];
    for (int axis = 0; axis < whole.length; axis++) {
      whole[axis] = axis < lead ? axis : permutation[axis - lead] + lead;
    }
    return graph.node("Transpose", List.of(value), Attribute.of("perm", whole));
  }

  private static int[] layoutOfOne(Shape shape) {
    int[] dims = new int[shape.rank() + 1];
    dims[0] = 1;
    System.arraycopy(shape.dims(), 0, dims, 1, shape.rank());
    return dims;
  }

  private static int[] toFirst(int rank) {
    int[] permutation = new int[rank];
    Arrays.setAll(permutation, axis -> (axis + rank - 1) % rank);
    return permutation;
  }

  private static int[] toLast(int rank) {
    int[] permutation = new int[rank];
    Arrays.setAll(permutation, axis -> (axis + 1) % rank);
    return permutation;
  }
}
