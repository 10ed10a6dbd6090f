package org.deepliftspark.engine.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;

/**
 * Which rule each node gets. A new rule is a class and a line here. For one graph, used by one
 * thread.
 */
public final class RuleBook {
  private final Method method;
  private final RuleProfile profile;

  private final Rule linear = new LinearRule();
  private final Rule weighted;
  private final Rule affine = new WeightedRule();
  private final Rule twoPlayer = new TwoPlayerRule();
  private final Rule revealCancel;
  private final Rule activation;
  private final Rule rescale;
  private final Rule softmax;
  private final Rule maxPool;
  private final Rule maximum = new MaximumRule();

  public RuleBook(Method method, RuleProfile profile, Precision precision) {
    SecantSlopes secants = new SecantSlopes(precision);
    ActivationRule plain = new ActivationRule(secants);
    this.method = method;
    this.profile = profile;
    this.weighted = weighted(method);
    this.revealCancel = new RevealCancelRule(secants);
    this.rescale = plain;
    this.activation = activation(method, plain);
    this.softmax = new SoftmaxRule(secants);
    this.maxPool = new MaxPoolRule(profile);
  }

  private static Rule weighted(Method method) {
    return switch (method.kind()) {
      case GAMMA_LRP -> new GammaRule(method.amount());
      case ALPHA_BETA_LRP -> new AlphaBetaRule(method.amount());
      default -> new WeightedRule();
    };
  }

  private static Rule activation(Method method, ActivationRule plain) {
    if (method.isLrp()) {
      boolean epsilon = method.kind() == Method.Kind.EPSILON_LRP;
      return new EpsilonRule(epsilon ? method.amount() : Relevance.LEAST_EPSILON);
    }
    boolean bent =
        method.isGuided()
            || method.kind() == Method.Kind.GUIDED_BACKPROP_RESCALE
            || method.kind() == Method.Kind.DECONVNET
            || method.kind() == Method.Kind.PASS_THROUGH;
    return bent ? new BentRule(method.kind(), plain) : plain;
  }

  /**
   * The rule of a node, or empty if there is none: nothing falls back to the gradient unasked.
   *
   * @param active per node, whether it depends on an input that is explained
   */
  public Optional<Rule> ruleFor(Node node, Graph graph, boolean[] active) {
    Op op = node.op();
    if (op instanceof Op.Activation) {
      return activation(node, graph);
    } else if (op instanceof Op.Softmax) {
      return Optional.of(softmax);
    } else if (op instanceof Op.MaxPool) {
      return Optional.of(maxPool);
    } else if (op instanceof Op.Reduce reduce && reduce.reduction() == Op.Reduction.MAX) {
      return Optional.of(profile == RuleProfile.DEEPLIFT ? maxPool : maximum);
    } else if (op instanceof Op.Binary binary) {
      return Optional.of(binary(binary.arithmetic(), node, active));
    } else if (op instanceof Op.MatMul) {
      return Optional.of(new MatMulRule(bothActive(node, active)));
    } else if (WeightedLayer.is(op)) {
      return Optional.of(weighted);
    } else if (op instanceof Op.ChannelAffine) {
      return Optional.of(affine);
    }
    return Optional.of(linear);
  }

  private Optional<Rule> activation(Node node, Graph graph) {
    if (((Op.Activation) node.op()).function().kind().isArithmetic()) {
      return Optional.of(rescale);
    }
    return switch (method.kind()) {
      case REVEAL_CANCEL -> Optional.of(revealCancel);
      case GENOMICS_DEFAULT ->
          switch (LayerBefore.of(node, graph, profile)) {
            case DENSE -> Optional.of(revealCancel);
            case CONVOLUTION -> Optional.of(activation);
            case UNSURE -> Optional.empty();
          };
      default -> Optional.of(activation);
    };
  }

  private Rule binary(Op.Arithmetic arithmetic, Node node, boolean[] active) {
    return switch (arithmetic) {
      case ADD, SUBTRACT -> linear;
      case MULTIPLY -> bothActive(node, active) ? twoPlayer : linear;
      case DIVIDE -> active[node.inputs().get(1)] ? twoPlayer : linear;
      case MINIMUM, MAXIMUM -> twoPlayer;
    };
  }

  private static boolean bothActive(Node node, boolean[] active) {
    return active[node.inputs().get(0)] && active[node.inputs().get(1)];
  }

  /**
   * @param needed per node, whether multipliers go through it
   * @throws UnsupportedModelException naming every node without a rule
   */
  public void check(Graph graph, boolean[] active, boolean[] needed) {
    List<String> offending = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (active[node.id()] && needed[node.id()] && ruleFor(node, graph, active).isEmpty()) {
        offending.add("'" + node.name() + "' (" + node.op().label() + ")");
      }
    }
    if (!offending.isEmpty()) {
      boolean unsure = method.kind() == Method.Kind.GENOMICS_DEFAULT;
      throw new UnsupportedModelException(
          "Cannot explain "
              + graph.name()
              + " by "
              + method.kind().key()
              + ": "
              + offending.size()
              + " node(s) have no rule: "
              + String.join(", ", offending)
              + (unsure
                  ? ". It needs a dense layer or a convolution before each activation; use --method rescale or reveal-cancel"
                  : ""));
    }
  }
}
