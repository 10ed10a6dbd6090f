package org.deepliftspark.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.deepliftspark.engine.Target.Kind;
import org.deepliftspark.engine.Target.Term;
import org.deepliftspark.engine.graph.ActivationFunction;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;

/**
 * Reads target strings: {@code 3}, {@code NAME:3}, {@code NAME:8-NAME:3}, {@code
 * mean-normalized(NAME:3)}, {@code sum(NAME)}, {@code profile(NAME,weighted)}, {@code
 * profile(NAME,scaled)}, {@code activated(TARGET)}.
 *
 * <p>NAME is an output or any node, may be quoted with {@code '}, and may be left out where the
 * model has one output; of several names that fit, the longest counts. An index is flat and
 * channels-last. A unit stands before its final sigmoid or softmax unless {@code activated} says
 * otherwise.
 */
final class TargetParser {
  private static final String ALL = "all";

  /** Of all targets for the units of all outputs that one of them reads: a matrix per output. */
  private static final long MOST_WEIGHTS = 1 << 25;

  private final Graph graph;
  private final String layer;
  private long weights;

  TargetParser(Graph graph) {
    this(graph, null);
  }

  /**
   * @param layer the node that targets without a name are units of; null for the model's output
   */
  TargetParser(Graph graph, String layer) {
    this.graph = graph;
    this.layer = layer;
    if (layer != null && graph.find(layer) == null) {
      throw new InvalidInputException(
          "Invalid --layer "
              + layer
              + ": no node of that name"
              + Suggestion.nearest(layer, names())
                  .map(near -> ". Did you mean " + near + "?")
                  .orElse("; the inspect command lists them"));
    }
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    graph.names().forEach(names::add);
    return names;
  }

  /** Resolves every target; no target at all is the only unit of the only output. */
  List<Target> parse(List<String> texts) {
    List<Target> targets = new ArrayList<>();
    if (texts.isEmpty()) {
      targets.add(onlyUnit());
    }
    for (String text : texts) {
      if (text.strip().equals(ALL)) {
        targets.addAll(everyUnit());
      } else {
        targets.add(parse(text));
      }
    }
    long units =
        targets.stream()
            .flatMap(target -> target.terms().stream())
            .filter(term -> term.weights() != null)
            .mapToInt(Target.Term::node)
            .distinct()
            .mapToLong(node -> graph.node(node).shape().size())
            .sum();
    if (units * targets.size() > MOST_WEIGHTS) {
      throw tooMany(targets.size() + " targets read outputs of " + units + " units in all");
    }
    return targets;
  }

  private static InvalidInputException tooMany(String what) {
    return new InvalidInputException(
        "Invalid targets (--target): "
            + what
            + ", which takes more than "
            + MOST_WEIGHTS
            + " weights; name fewer at once");
  }

  private float[] weights(Node node) {
    weights += node.shape().size();
    if (weights > MOST_WEIGHTS) {
      throw tooMany("every target has a weight for each of the " + units(node));
    }
    return new float[node.shape().size()];
  }

  private Target parse(String text) {
    Reader reader = new Reader(text);
    Target target = reader.target(false);
    reader.end();
    return target;
  }

  private Target onlyUnit() {
    if (layer != null && graph.find(layer).shape().size() > 1) {
      throw new InvalidInputException(
          "Missing option --target: layer '"
              + layer
              + "' has "
              + units(graph.find(layer))
              + "; name one, or use --target all");
    } else if (layer != null) {
      return parse("0");
    }
    Map<String, Node> outputs = graph.outputs();
    Node output = outputs.values().iterator().next();
    if (outputs.size() > 1 || output.shape().size() > 1) {
      throw new InvalidInputException(
          "Missing option --target: "
              + graph.name()
              + " has "
              + outputUnits()
              + "; name one, or use --target all");
    }
    return parse("0");
  }

  private List<Target> everyUnit() {
    List<Target> targets = new ArrayList<>();
    boolean single = layer != null || graph.outputs().size() == 1;
    Map<String, Node> outputs = layer == null ? graph.outputs() : Map.of(layer, graph.find(layer));
    outputs.forEach(
        (name, node) -> {
          for (int unit = 0; unit < node.shape().size(); unit++) {
            targets.add(parse(single ? Integer.toString(unit) : "'" + name + "':" + unit));
          }
        });
    return targets;
  }

  private String outputUnits() {
    return graph.outputs().entrySet().stream()
        .map(entry -> "output '" + entry.getKey() + "' of " + units(entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String units(Node node) {
    int size = node.shape().size();
    return size == 1 ? "1 unit" : size + " units";
  }

  /** The node before a final sigmoid or softmax; shape-only nodes in between do not matter. */
  private Node beforeActivation(Node node) {
    Node at = node;
    while (at.op() instanceof Op.Identity || at.op() instanceof Op.Reshape) {
      at = graph.node(at.inputs().get(0));
    }
    boolean sigmoid =
        at.op() instanceof Op.Activation activation
            && activation.function().kind() == ActivationFunction.Kind.SIGMOID;
    return sigmoid || at.op() instanceof Op.Softmax ? graph.node(at.inputs().get(0)) : node;
  }

  private final class Reader {
    private final String text;
    private final StringBuilder name = new StringBuilder();
    private int position;
    private int named;

    Reader(String text) {
      this.text = text.strip();
    }

    Target target(boolean activated) {
      if (takes("activated(")) {
        Target inner = target(true);
        expect(")");
        return named(inner.kind(), inner.terms());
      } else if (takes("mean-normalized(")) {
        Unit unit = unit();
        expect(")");
        return named(Kind.LINEAR, List.of(meanNormalized(unit, activated)));
      } else if (takes("sum(")) {
        Node node = name();
        expect(")");
        return named(Kind.LINEAR, List.of(sum(node, activated)));
      } else if (takes("profile(")) {
        return profile(activated);
      }
      return units(activated);
    }

    private Target units(boolean activated) {
      List<Term> terms = new ArrayList<>();
      terms.add(term(unit(), 1f, activated));
      if (takes("-")) {
        terms.add(term(unit(), -1f, activated));
      }
      return named(Kind.LINEAR, terms);
    }

    private Target profile(boolean activated) {
      Node node = name();
      expect(",");
      Kind kind = takes("weighted") ? Kind.PROFILE_WEIGHTED : Kind.PROFILE_SCALED;
      if (kind == Kind.PROFILE_SCALED && !takes("scaled")) {
        throw invalid("expected weighted or scaled at position " + position);
      }
      expect(")");
      if (activated) {
        throw invalid("a profile is made of logits and cannot be activated");
      }
      Node logits = beforeActivation(node);
      return named(kind, List.of(new Term(logits.id(), node.id(), null)));
    }

    private Target named(Kind kind, List<Term> terms) {
      return new Target(name + text.substring(named), kind, terms);
    }

    private Term term(Unit unit, float weight, boolean activated) {
      Node node = activated ? unit.node() : beforeActivation(unit.node());
      float[] weights = weights(node);
      weights[node.positionOf(unit.index())] = weight;
      return new Term(node.id(), unit.node().id(), weights);
    }

    private Term meanNormalized(Unit unit, boolean activated) {
      Term term = term(unit, 1f, activated);
      for (int i = 0; i < term.weights().length; i++) {
        term.weights()[i] -= 1f / term.weights().length;
      }
      return term;
    }

    private Term sum(Node named, boolean activated) {
      Node node = activated ? named : beforeActivation(named);
      float[] weights = weights(node);
      Arrays.fill(weights, 1f);
      return new Term(node.id(), named.id(), weights);
    }

    private Unit unit() {
      Node node = nameBeforeColon();
      int start = position;
      while (position < text.length() && Character.isDigit(text.charAt(position))) {
        position++;
      }
      if (start == position || position - start > 9) {
        throw invalid(
            "expected a unit's index or NAME:INDEX at position " + start + "; " + outputsKnown());
      }
      int index = Integer.parseInt(text.substring(start, position));
      if (index >= node.shape().size()) {
        throw invalid(
            "'"
                + node.name()
                + "' has "
                + TargetParser.units(node)
                + ", expected an index from 0 to "
                + (node.shape().size() - 1));
      }
      return new Unit(node, index);
    }

    private Node nameBeforeColon() {
      int start = position;
      if (position < text.length() && text.charAt(position) == '\'') {
        Node node = name();
        expect(":");
        return node;
      }
      String known = longestName(":");
      if (known != null) {
        position += known.length() + 1;
        return graph.find(known);
      }
      if (layer != null) {
        name.append(text, named, position).append('\'').append(layer).append("':");
        named = position;
        return graph.find(layer);
      }
      if (graph.outputs().size() > 1) {
        position = start;
        throw invalid("the model has " + outputUnits() + ", expected NAME:INDEX");
      }
      return graph.outputs().values().iterator().next();
    }

    private Node name() {
      if (takes("'")) {
        int end = text.indexOf('\'', position);
        String quoted = end < 0 ? text.substring(position) : text.substring(position, end);
        Node node = graph.find(quoted);
        if (end < 0 || node == null) {
          throw invalid("no node is named '" + quoted + "'; " + outputsKnown());
        }
        position = end + 1;
        return node;
      }
      String known = longestName("");
      if (known == null) {
        throw invalid("no node's name starts at position " + position + "; " + outputsKnown());
      }
      position += known.length();
      return graph.find(known);
    }

    private String longestName(String followedBy) {
      List<String> names = names();
      names.sort(Comparator.comparingInt(String::length).reversed());
      for (String name : names) {
        if (text.startsWith(name + followedBy, position)) {
          return name;
        }
      }
      return null;
    }

    private boolean takes(String word) {
      if (text.startsWith(word, position)) {
        position += word.length();
        return true;
      }
      return false;
    }

    private void expect(String word) {
      if (!takes(word)) {
        throw invalid("expected '" + word + "' at position " + position);
      }
    }

    void end() {
      if (position != text.length()) {
        throw invalid("unexpected '" + text.substring(position) + "' at position " + position);
      }
    }

    private String outputsKnown() {
      return "outputs: " + outputUnits();
    }

    private InvalidInputException invalid(String reason) {
      return new InvalidInputException("Invalid target '" + text + "' (--target): " + reason);
    }
  }

  private record Unit(Node node, int index) {}
}
