package org.deepliftspark.job;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.Target;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.engine.encode.LengthPolicy;
import org.deepliftspark.engine.encode.OneHotEncoder;
import org.deepliftspark.engine.encode.UnknownBase;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.npy.Npy;
import org.deepliftspark.engine.npy.NpyArray;
import org.deepliftspark.engine.program.Cost;
import org.deepliftspark.engine.reference.ReferenceGenerator;
import org.deepliftspark.engine.reference.ReferenceSpec;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.partition.EngineSpec;
import org.deepliftspark.job.partition.References;

/**
 * What a job will do, settled on the driver from the model and the options before anything is
 * started.
 *
 * @param graph the model
 * @param spec how executors open the engine
 * @param targets names of the targets
 * @param cost of a row
 * @param encoder fits sequences to the model
 */
record JobPlan(
    Graph graph, EngineSpec spec, List<String> targets, Cost cost, OneHotEncoder encoder) {
  /** References of DNA where the options name none. */
  static final String DNA_REFERENCES = "dinuc-shuffle:20";

  /**
   * Checks model and options against each other.
   *
   * @param modelHash of the model's file
   * @throws InvalidInputException if they do not fit
   */
  static JobPlan of(Graph graph, String modelHash, JobOptions options, HadoopFiles hadoop) {
    Node input = dnaInput(graph);
    int length = input.shape().size() / DnaAlphabet.SIZE;
    ReferenceSpec references = referenceSpec(options.references().text(), input.name());
    float[] background = background(references);
    OneHotEncoder encoder =
        OneHotEncoder.of(
            length, options.input().lengthPolicy(), options.input().unknownBase(), background);
    EngineSpec spec =
        new EngineSpec(
            modelHash,
            options.model().method(),
            options.model().profile(),
            options.model().targets(),
            options.model().hypothetical(),
            options.engine().backend(),
            options.engine().precision(),
            options.engine().memoryBytes(),
            references(references, encoder, input.shape(), options, hadoop));
    List<String> targets =
        DeepLift.targets(graph, options.model().targets()).stream().map(Target::name).toList();
    refuseEqual(targets);
    Cost cost = DeepLift.cost(graph, spec.options(graph));
    return new JobPlan(graph, spec, targets, cost, encoder);
  }

  /** Encodes sequences that were fitted already, padding included. */
  OneHotEncoder scoringEncoder(JobOptions options) {
    UnknownBase policy = options.input().unknownBase();
    return OneHotEncoder.of(
        encoder.length(),
        LengthPolicy.REJECT,
        policy == UnknownBase.REJECT ? UnknownBase.ZERO : policy,
        encoder.unknownRow());
  }

  /** What a row costs, for people. */
  String describe() {
    return String.format(
        Locale.ROOT,
        "model %s (SHA-256 %s), sequences of %d bases%n"
            + "targets: %s%n"
            + "per row: %.3g FLOP, %.3g MB of intermediate values; once per job: %.3g FLOP%n",
        graph.name(),
        spec.modelHash(),
        encoder.length(),
        String.join(", ", targets),
        cost.flopsPerRow(),
        cost.bytesPerRow() / 1e6,
        cost.sharedFlops());
  }

  private static Node dnaInput(Graph graph) {
    List<Node> inputs = graph.inputs();
    if (inputs.size() != 1) {
      throw new InvalidInputException(
          "Cannot score "
              + graph.name()
              + ": it has "
              + inputs.size()
              + " inputs ("
              + String.join(", ", inputs.stream().map(Node::name).toList())
              + "), score takes models with one; the attribute command takes any");
    }
    Shape shape = inputs.get(0).shape();
    boolean flat =
        shape.rank() >= 2
            && IntStream.range(0, shape.rank() - 2).allMatch(axis -> shape.dim(axis) == 1);
    if (!flat || shape.dim(-1) != DnaAlphabet.SIZE) {
      throw new InvalidInputException(
          "Cannot score "
              + graph.name()
              + ": expected an input of shape [length, 4] (DNA, channels last), found "
              + shape
              + "; the attribute command takes any");
    }
    return inputs.get(0);
  }

  private static ReferenceSpec referenceSpec(String text, String input) {
    if (text == null) {
      return ReferenceSpec.parse(DNA_REFERENCES);
    }
    String prefix = input + "=";
    return ReferenceSpec.parse(text.startsWith(prefix) ? text.substring(prefix.length()) : text);
  }

  private static float[] background(ReferenceSpec references) {
    if (!(references instanceof ReferenceSpec.Background background) || background.uniform()) {
      return null;
    }
    float[] numbers = new float[background.numbers().size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = background.numbers().get(i);
    }
    return numbers;
  }

  private static References references(
      ReferenceSpec spec,
      OneHotEncoder encoder,
      Shape shape,
      JobOptions options,
      HadoopFiles hadoop) {
    long seed = options.references().seed();
    if (spec instanceof ReferenceSpec.Npy npy) {
      byte[] bytes = hadoop.read(npy.path());
      return new References(
          spec + "#" + Hashes.sha256(bytes), given(Npy.read(bytes, npy.path()), npy, shape), seed);
    }
    if (spec instanceof ReferenceSpec.Hold || spec instanceof ReferenceSpec.Table) {
      throw new InvalidInputException(
          "Invalid references '"
              + spec
              + "' (--references): score takes zeros, background,"
              + " shuffles and .npy files");
    }
    float[] unknown =
        options.input().unknownBase() == UnknownBase.BACKGROUND ? encoder.unknownRow() : null;
    return new References(spec.toString(), ReferenceGenerator.of(spec, unknown), seed);
  }

  /** References of a file, {@code [R, shape...]} or {@code [1, R, shape...]}. */
  private static ReferenceGenerator given(NpyArray array, ReferenceSpec.Npy npy, Shape shape) {
    int[] dims = array.shape();
    int extra = dims.length - shape.rank();
    boolean fits = extra == 1 || (extra == 2 && dims[0] == 1);
    for (int axis = 0; fits && axis < shape.rank(); axis++) {
      fits = dims[extra + axis] == shape.dim(axis);
    }
    if (!fits) {
      throw new InvalidInputException(
          "Invalid references "
              + npy.path()
              + ": expected an array [references, "
              + shape.toString().substring(1)
              + " for all rows, found "
              + Arrays.toString(dims));
    }
    return ReferenceGenerator.given(array.numbers().floats(), dims[extra - 1]);
  }

  private static void refuseEqual(List<String> targets) {
    if (targets.stream().distinct().count() < targets.size()) {
      throw new InvalidInputException(
          "Invalid --target: the same target is given twice in " + targets);
    }
  }
}
