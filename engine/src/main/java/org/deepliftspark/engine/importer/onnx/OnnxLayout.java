package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.ModelSource.InputLayout;

/**
 * Finds out where the channels of an input are: follows its axes to the first operator that takes
 * axis 1 for the channels. Where none comes, lengths that only channels have decide (4 letters, 1
 * or 3 colours), then a Transpose that moves the last axis to 1.
 */
final class OnnxLayout {
  private static final Set<String> TAKES_CHANNELS_FIRST =
      Set.of(
          "Conv",
          "ConvTranspose",
          "MaxPool",
          "AveragePool",
          "LpPool",
          "GlobalLpPool",
          "DepthToSpace",
          "SpaceToDepth",
          "GlobalMaxPool",
          "GlobalAveragePool",
          "BatchNormalization",
          "InstanceNormalization",
          "GroupNormalization",
          "LRN",
          "Resize",
          "Upsample");
  private static final Set<String> KEEPS_AXES =
      Set.of(
          "Identity",
          "Dropout",
          "Cast",
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Neg",
          "Relu",
          "LeakyRelu",
          "PRelu",
          "Sigmoid",
          "Tanh",
          "Elu",
          "Selu",
          "Softplus",
          "Softsign",
          "Gelu",
          "Exp",
          "Celu",
          "HardSigmoid",
          "HardSwish",
          "ThresholdedRelu",
          "Shrink",
          "Mish",
          "Abs",
          "Sqrt",
          "Log",
          "Reciprocal",
          "Pow",
          "Clip",
          "Min",
          "Max",
          "Pad",
          "Slice",
          "Concat",
          "Sum");
  private static final int NEW_AXIS = -1;
  private static final int[] LETTERS = {4};
  private static final int[] COLOURS = {1, 3};

  private final OnnxModel model;
  private final ConstantPool constants;

  OnnxLayout(OnnxModel model, ConstantPool constants) {
    this.model = model;
    this.constants = constants;
  }

  /**
   * @throws InvalidInputException if the file does not tell; the message names the option that does
   */
  boolean channelsFirst(OnnxInputs.Input input, ModelSource source) {
    InputLayout option = source.layoutOf(input.name());
    if (input.shape().rank() < 2 || option == InputLayout.CHANNELS_LAST) {
      return false;
    }
    if (option == InputLayout.CHANNELS_FIRST) {
      return true;
    }
    Evidence evidence = evidence(input);
    if (evidence == Evidence.FIRST || evidence == Evidence.LAST) {
      return evidence == Evidence.FIRST;
    }
    int[] telling = input.shape().rank() == 2 ? LETTERS : COLOURS;
    boolean first = contains(telling, input.shape().dim(0));
    boolean last = contains(telling, input.shape().dim(-1));
    if (first != last) {
      return first;
    }
    if (evidence == Evidence.TRANSPOSED || evidence == Evidence.UNUSED) {
      return false;
    }
    throw new InvalidInputException(
        "Cannot tell whether input '"
            + input.name()
            + "' of "
            + source.name()
            + " with shape "
            + input.shape()
            + " has its channels first or last: say so with --model-layout channels-first or channels-last");
  }

  private enum Evidence {
    FIRST,
    LAST,
    TRANSPOSED,
    UNUSED,
    NONE
  }

  private static boolean contains(int[] values, int value) {
    return Arrays.stream(values).anyMatch(one -> one == value);
  }

  private Evidence evidence(OnnxInputs.Input input) {
    int last = input.shape().rank();
    // For each tensor that still is the input in other clothes: which axis of the input each of its
    // axes is.
    Map<String, int[]> origins = new HashMap<>();
    origins.put(input.name(), IntStream.rangeClosed(0, last).toArray());
    Map<String, int[]> dims = new HashMap<>();
    dims.put(
        input.name(),
        IntStream.rangeClosed(0, last)
            .map(axis -> axis == 0 ? 0 : input.shape().dim(axis - 1))
            .toArray());
    Evidence found = Evidence.UNUSED;
    for (OnnxNode node : model.nodes()) {
      String from = node.inputs().stream().filter(origins::containsKey).findFirst().orElse(null);
      if (from == null) {
        continue;
      }
      int[] origin = origins.get(from);
      found = found == Evidence.UNUSED ? Evidence.NONE : found;
      if (TAKES_CHANNELS_FIRST.contains(node.opType()) && origin.length > 2) {
        if (origin[1] == 1 || origin[1] == last) {
          return origin[1] == 1 ? Evidence.FIRST : Evidence.LAST;
        }
        continue;
      }
      int[] axes = axesAfter(node, dims.get(from));
      if (axes != null && !node.outputs().isEmpty()) {
        int[] moved = follow(axes, origin, NEW_AXIS);
        boolean lastToOne =
            node.opType().equals("Transpose") && moved.length > 2 && moved[1] == last;
        found = lastToOne ? Evidence.TRANSPOSED : found;
        origins.put(node.outputs().get(0), moved);
        dims.put(node.outputs().get(0), follow(axes, dims.get(from), 1));
      }
    }
    return found;
  }

  private static int[] follow(int[] axes, int[] values, int fresh) {
    return Arrays.stream(axes).map(axis -> axis == NEW_AXIS ? fresh : values[axis]).toArray();
  }

  /**
   * For each axis of a node's output, which axis of its input it is; null if that cannot be said.
   */
  private int[] axesAfter(OnnxNode node, int[] dims) {
    int rank = dims.length;
    if (KEEPS_AXES.contains(node.opType()) || node.opType().equals(PatternFusion.SILU)) {
      return IntStream.range(0, rank).toArray();
    }
    try {
      return switch (node.opType()) {
        case "Transpose" -> ConstantShapes.permutation(node, rank);
        case "Unsqueeze" -> unsqueezed(node, rank);
        case "Reshape" -> reshaped(node, dims);
        default -> null;
      };
    } catch (IllegalArgumentException | UnsupportedNode e) {
      return null; // The mapper meets the same node and says what is wrong with it.
    }
  }

  private int[] unsqueezed(OnnxNode node, int rank) {
    long[] axes = node.has("axes") ? node.integers("axes") : known(node, 1);
    if (axes == null) {
      return null;
    }
    int[] all = ConstantShapes.unsqueezed(IntStream.range(2, rank + 2).toArray(), axes);
    return Arrays.stream(all).map(axis -> axis == 1 ? NEW_AXIS : axis - 2).toArray();
  }

  /** A Reshape keeps its axes apart if it only adds or drops axes of length 1. */
  private int[] reshaped(OnnxNode node, int[] dims) {
    long[] target = known(node, 1);
    if (target == null || target.length == 0) {
      return null;
    }
    int[] axes = new int[target.length];
    int from = 1;
    for (int axis = 1; axis < axes.length; axis++) {
      while (from < dims.length && dims[from] == 1) {
        from++;
      }
      if (target[axis] == 1) {
        axes[axis] = NEW_AXIS;
      } else if (from < dims.length && (target[axis] == dims[from] || target[axis] == -1)) {
        axes[axis] = from++;
      } else {
        return null;
      }
    }
    return Arrays.stream(dims).skip(from).allMatch(dim -> dim == 1) ? axes : null;
  }

  private long[] known(OnnxNode node, int input) {
    OnnxArray array = node.has(input) ? constants.find(node.inputs().get(input)) : null;
    return array == null || array.isFloat() ? null : array.plainIntegers("it");
  }
}
