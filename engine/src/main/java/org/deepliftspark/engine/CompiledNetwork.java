package org.deepliftspark.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.backend.onnx.OnnxFile;
import org.deepliftspark.engine.backend.onnx.OnnxFile.Port;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.rule.Method;
import org.deepliftspark.engine.rule.ProgramCompiler;

/**
 * The attribution of a network as an ONNX file, which any ONNX runtime can execute without this
 * project.
 *
 * <p>Its inputs are {@code input} {@code [1, shape...]} and {@code reference} {@code [R, shape...]}
 * for any R, laid out as in the model's own file; with several inputs {@code input_NAME} and {@code
 * reference_NAME}. Its outputs are {@code contributions} {@code [1, shape...]}, averaged over the
 * references, {@code prediction} {@code [1]}, {@code reference_prediction} and {@code
 * convergence_delta} {@code [R]}.
 */
public final class CompiledNetwork {
  public static final String INPUT = "input";
  public static final String REFERENCE = "reference";
  public static final String CONTRIBUTIONS = "contributions";
  public static final String HYPOTHETICAL = "hypothetical";
  public static final String PREDICTION = "prediction";
  public static final String REFERENCE_PREDICTION = "reference_prediction";
  public static final String CONVERGENCE_DELTA = "convergence_delta";

  /** Any number above 1 stands for a number that each call chooses. */
  private static final int ANY_NUMBER = 2;

  private CompiledNetwork() {}

  /**
   * Lowers the graph and writes the program as an ONNX file.
   *
   * @param options one target; its references say no more than which inputs are held
   * @param properties further metadata of the file
   * @throws InvalidInputException if the method is not one pass, there are several targets, no
   *     input is explained, or the weights do not fit into one file
   * @throws UnsupportedModelException if a node has no rule
   */
  public static byte[] onnx(Graph graph, DeepLiftOptions options, Map<String, String> properties) {
    if (Method.of(options.method()).asksPoints()) {
      throw new InvalidInputException(
          "Cannot write "
              + options.method()
              + " as an ONNX file: it asks the network at points of its own, and a file holds one pass;"
              + " use attribute or score");
    }
    List<ReferenceMode> references = new ArrayList<>();
    for (ReferenceMode mode : options.references()) {
      references.add(mode instanceof ReferenceMode.Hold ? mode : ReferenceMode.given(ANY_NUMBER));
    }
    List<Target> targets = DeepLift.targets(graph, options.targets());
    check(references, targets);
    Program program = DeepLift.compile(graph, options.withReferences(references));
    List<Port> ports = ports(graph.inputs());
    OnnxFile file = new OnnxFile(program, ports);
    List<String> contributions = new ArrayList<>();
    for (int i = 0; i < ports.size(); i++) {
      if (references.get(i) instanceof ReferenceMode.Hold) {
        continue;
      }
      String suffix = suffix(graph.inputs(), i);
      contributions.add(ProgramCompiler.CONTRIBUTIONS + i);
      file.average(ProgramCompiler.CONTRIBUTIONS + i, CONTRIBUTIONS + suffix, ports.get(i));
      if (options.hypothetical()) {
        file.average(ProgramCompiler.HYPOTHETICAL + i, HYPOTHETICAL + suffix, ports.get(i));
      }
    }
    file.number(ProgramCompiler.PREDICTION, PREDICTION);
    file.number(ProgramCompiler.REFERENCE_PREDICTION, REFERENCE_PREDICTION);
    file.remainder(
        contributions,
        ProgramCompiler.PREDICTION,
        ProgramCompiler.REFERENCE_PREDICTION,
        CONVERGENCE_DELTA);
    return file.build(metadata(options, targets.get(0), properties));
  }

  private static void check(List<ReferenceMode> references, List<Target> targets) {
    if (targets.size() > 1) {
      throw new InvalidInputException(
          "Invalid targets: an ONNX file explains one, found " + targets.size());
    }
    if (references.stream().allMatch(ReferenceMode.Hold.class::isInstance)) {
      throw new InvalidInputException("Invalid references: every input is held, none is explained");
    }
  }

  private static Map<String, String> metadata(
      DeepLiftOptions options, Target target, Map<String, String> properties) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("deeplift.target", target.name());
    metadata.put("deeplift.method", options.method());
    metadata.put("deeplift.profile", options.profile().key());
    metadata.putAll(properties);
    return metadata;
  }

  private static List<Port> ports(List<Node> inputs) {
    List<Port> ports = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      String suffix = suffix(inputs, i);
      boolean channelsFirst = ((Op.Input) inputs.get(i).op()).fileChannelsFirst();
      ports.add(new Port(INPUT + suffix, REFERENCE + suffix, channelsFirst));
    }
    return ports;
  }

  /** What names of an input's arrays end in: nothing for the only one, otherwise its name. */
  private static String suffix(List<Node> inputs, int i) {
    return inputs.size() == 1 ? "" : "_" + inputs.get(i).name();
  }
}
