package org.deepliftspark.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.change.ChangeNetwork;
import org.deepliftspark.engine.change.ChangePlan;
import org.deepliftspark.engine.change.ChangeSession;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.method.PointMethod;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.rule.Lowering;

/** For methods that change a few positions of a row: how each input's changes are computed. */
final class ChangePlans {
  private ChangePlans() {}

  /**
   * Per input, a plan by windows, or null where whole rows are computed: inputs that are held,
   * networks that mix all positions at once, and arithmetic in double, since values pass between
   * programs in float.
   *
   * @param graph as it was lowered to the program
   * @param point program of one point
   */
  static List<ChangePlan> of(Graph graph, Lowering lowering, Program point) {
    List<ChangePlan> plans = new ArrayList<>(Collections.nCopies(graph.inputs().size(), null));
    if (!lowering.method().asksPoints() || lowering.precision() != Precision.F32) {
      return plans;
    }
    int changed = PointMethod.of(lowering.method()).changed();
    for (int input = 0; input < plans.size() && changed > 0; input++) {
      if (!(lowering.references().get(input) instanceof ReferenceMode.Hold)) {
        plans.set(input, ChangePlan.of(graph, lowering, point, input, changed).orElse(null));
      }
    }
    return plans;
  }

  /** How many programs the plans have. */
  static int programs(List<ChangePlan> plans) {
    return plans.stream().mapToInt(plan -> plan == null ? 0 : plan.programs()).sum();
  }

  /** The plans on a backend. */
  static List<ChangeNetwork> open(List<ChangePlan> plans, Function<Program, Executable> backend) {
    List<ChangeNetwork> networks = new ArrayList<>();
    try {
      for (ChangePlan plan : plans) {
        networks.add(plan == null ? null : new ChangeNetwork(plan, backend));
      }
    } catch (RuntimeException | Error e) {
      close(networks);
      throw e;
    }
    return networks;
  }

  static List<ChangeSession> sessions(List<ChangeNetwork> networks) {
    List<ChangeSession> sessions = new ArrayList<>();
    try {
      for (ChangeNetwork network : networks) {
        sessions.add(network == null ? null : network.newSession());
      }
    } catch (RuntimeException | Error e) {
      closeSessions(sessions);
      throw e;
    }
    return sessions;
  }

  static void close(List<ChangeNetwork> networks) {
    networks.stream().filter(Objects::nonNull).forEach(ChangeNetwork::close);
  }

  static void closeSessions(List<ChangeSession> sessions) {
    sessions.stream().filter(Objects::nonNull).forEach(ChangeSession::close);
  }
}
