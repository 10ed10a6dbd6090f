package org.deepliftspark.engine.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;

/** Which rule each node gets. A new rule is a class and a line here. */
public final class RuleBook {
  private final Rule linear = new LinearRule();
  private final Rule twoPlayer = new TwoPlayerRule();
  private final Rule activation;
  private final Rule softmax;
  private final Rule maxPool;

  public RuleBook(RuleProfile profile, Precision precision) {
    SecantSlopes secants = new SecantSlopes(precision);
    this.activation = new ActivationRule(secants);
    this.softmax = new SoftmaxRule(secants);
    this.maxPool = new MaxPoolRule(profile);
  }

  /**
   * The rule of a node, or empty if there is none: nothing falls back to the gradient unasked.
   *
   * @param active per node, whether it depends on an input that is explained
   */
  public Optional<Rule> ruleFor(Node node, Graph graph, boolean[] active) {
    Op op = node.op();
    if (op instanceof Op.Activation) {
      return Optional.of(activation);
    } else if (op instanceof Op.Softmax) {
      return Optional.of(softmax);
    } else if (op instanceof Op.MaxPool) {
      return Optional.of(maxPool);
    } else if (op instanceof Op.Reduce reduce && reduce.reduction() == Op.Reduction.MAX) {
      return Forward.isTrailing(reduce, graph.node(node.inputs().get(0)).shape())
          ? Optional.of(maxPool)
          : Optional.empty();
    } else if (op instanceof Op.Binary binary) {
      return Optional.of(binary(binary.arithmetic(), node, active));
    }
    return Optional.of(linear);
  }

  private Rule binary(Op.Arithmetic arithmetic, Node node, boolean[] active) {
    boolean first = active[node.inputs().get(0)];
    boolean second = active[node.inputs().get(1)];
    return switch (arithmetic) {
      case ADD, SUBTRACT -> linear;
      case MULTIPLY -> first && second ? twoPlayer : linear;
      case DIVIDE -> second ? twoPlayer : linear;
      case MINIMUM, MAXIMUM -> twoPlayer;
    };
  }

  /**
   * @throws UnsupportedModelException naming every node without a rule
   */
  void check(Graph graph, boolean[] active) {
    List<String> offending = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (active[node.id()] && ruleFor(node, graph, active).isEmpty()) {
        offending.add("'" + node.name() + "' (" + node.op().label() + ")");
      }
    }
    if (!offending.isEmpty()) {
      throw new UnsupportedModelException(
          "Cannot explain "
              + graph.name()
              + ": "
              + offending.size()
              + " node(s) have no DeepLIFT rule: "
              + String.join(", ", offending));
    }
  }
}
