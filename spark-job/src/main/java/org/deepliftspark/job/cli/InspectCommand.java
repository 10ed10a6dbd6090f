package org.deepliftspark.job.cli;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.Target;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.npy.NpyFile;
import org.deepliftspark.engine.program.Cost;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.ProgramPrinter;
import org.deepliftspark.engine.reference.ReferenceSpec;
import org.deepliftspark.engine.rule.Method;
import org.deepliftspark.engine.rule.ProgramCompiler;
import org.deepliftspark.engine.rule.Rule;
import org.deepliftspark.engine.rule.RuleBook;
import org.deepliftspark.engine.rule.RuleProfile;

/**
 * {@code inspect}: a model's graph, the rule of each node and the targets that can be named; with
 * {@code --program} the program that explains a target. Needs a backend for {@code --verify} only,
 * which holds the model's predictions against stored ones.
 */
final class InspectCommand implements Command {
  private static final String NONE = "-";

  @Override
  public CommandName name() {
    return CommandName.INSPECT;
  }

  @Override
  public void run(OptionValues values, Console console) {
    Graph graph = LocalModel.read(values);
    List<ReferenceMode> references = references(values, graph);
    if (values.get(Options.PROGRAM)) {
      printProgram(console.out(), graph, references, values);
    } else {
      printModel(console.out(), graph);
      printNodes(console.out(), graph, references, values);
      printTargets(console.out(), graph);
      printExplained(console.out(), graph, values);
    }
    if (values.isGiven(Options.VERIFY)) {
      StoredPredictions.verify(graph, values, console.out());
    }
  }

  private static void printModel(PrintStream out, Graph graph) {
    out.printf("model: %s, %d parameters%n", graph.name(), graph.parameterCount());
    for (Node input : graph.inputs()) {
      out.printf("input: %s %s%n", input.name(), input.userShape());
    }
    for (Map.Entry<String, Node> output : graph.outputs().entrySet()) {
      out.printf("output: %s %s%n", output.getKey(), output.getValue().userShape());
    }
  }

  private static void printNodes(
      PrintStream out, Graph graph, List<ReferenceMode> references, OptionValues values) {
    RuleBook rules =
        new RuleBook(
            Method.of(values.get(Options.METHOD)),
            RuleProfile.of(values.get(Options.PROFILE)),
            Precision.F32);
    boolean[] active = ProgramCompiler.active(graph, references);
    TextTable table = new TextTable("node", "type", "shape", "parameters", "rule", "reads");
    for (Node node : graph.nodes()) {
      long parameters = Graph.parametersOf(node.op());
      table.add(
          node.name(),
          node.op().label(),
          node.userShape().toString(),
          parameters == 0 ? NONE : Long.toString(parameters),
          rule(rules, node, graph, active),
          String.join(", ", node.inputs().stream().map(id -> graph.node(id).name()).toList()));
    }
    out.println();
    out.print(table);
    boolean[] all = new boolean[graph.nodes().size()];
    Arrays.fill(all, true);
    rules.check(graph, active, all);
  }

  private static String rule(RuleBook rules, Node node, Graph graph, boolean[] active) {
    if (node.op() instanceof Op.Input || !active[node.id()]) {
      return NONE;
    }
    return rules.ruleFor(node, graph, active).map(Rule::name).orElse("none: unsupported");
  }

  private static void printTargets(PrintStream out, Graph graph) {
    out.println();
    boolean single = graph.outputs().size() == 1;
    for (Map.Entry<String, Node> output : graph.outputs().entrySet()) {
      String name = single ? "" : output.getKey() + ":";
      int last = output.getValue().shape().size() - 1;
      String range = last == 0 ? name + "0" : name + "0 to " + name + last;
      out.printf("targets: %s (output '%s')%n", range, output.getKey());
    }
    out.println("targets: NODE:INDEX for any node above, index flat and channels-last");
  }

  /** Which nodes the targets that are asked for stand for. */
  private static void printExplained(PrintStream out, Graph graph, OptionValues values) {
    if (values.isGiven(Options.TARGET) || values.isGiven(Options.LAYER)) {
      for (Target target : DeepLift.targets(graph, EngineOptions.targets(values, graph))) {
        out.printf("explained: %s (%s)%n", target.name(), target.nodes(graph));
      }
    }
  }

  private static void printProgram(
      PrintStream out, Graph graph, List<ReferenceMode> references, OptionValues values) {
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .method(values.get(Options.METHOD))
            .profile(RuleProfile.of(values.get(Options.PROFILE)))
            .targets(EngineOptions.targets(values, graph))
            .references(references)
            .hypothetical(values.get(Options.HYPOTHETICAL))
            .build();
    Program program = DeepLift.compile(graph, options);
    out.print(ProgramPrinter.print(program));
    Cost cost = DeepLift.cost(graph, options);
    out.printf(
        Locale.ROOT,
        "cost: %.4g GFLOP and %.4g MB of values per row, %.4g GFLOP once for all rows%n",
        cost.flopsPerRow() / 1e9,
        cost.bytesPerRow() / 1e6,
        cost.sharedFlops() / 1e9);
  }

  /** One reference per row and input, unless the option says otherwise. */
  private static List<ReferenceMode> references(OptionValues values, Graph graph) {
    if (!values.isGiven(Options.REFERENCES)) {
      return Collections.nCopies(graph.inputs().size(), ReferenceMode.given(1));
    }
    List<String> texts = values.perInput(Options.REFERENCES, graph);
    ReferenceMode[] modes = new ReferenceMode[texts.size()];
    for (int i = 0; i < modes.length; i++) {
      String text = texts.get(i);
      try (RowReferences references =
          RowReferences.open(text, graph.inputs().get(i).shape(), rowsOf(text), 0, false)) {
        modes[i] = references.mode(1);
      }
    }
    return List.of(modes);
  }

  /** Rows that a file of references is for: as many as it holds. */
  private static int rowsOf(String references) {
    if (!(ReferenceSpec.parse(references) instanceof ReferenceSpec.Npy npy)) {
      return 1;
    }
    try (NpyFile file = NpyFile.open(LocalModel.path(Options.REFERENCES, npy.path()))) {
      return file.rows();
    }
  }
}
