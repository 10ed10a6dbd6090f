package org.deepliftspark.engine.change;

import java.util.List;
import java.util.Optional;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.program.Cost;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.rule.Lowering;

/**
 * How a network's predictions at changed rows are computed from the row's own values. Plain data.
 *
 * @param graph the network
 * @param reach how far a change reaches
 * @param count how many neighbouring positions change together, at most
 * @param row program of the row's own values; null if none is needed
 * @param rowValues ids of the nodes that it gives
 * @param stages in order
 * @param rest program of the predictions, from {@code cut} and then {@code summaries}
 * @param cut ids of the nodes whose values the rest reads
 * @param summaries further values that it reads
 */
public record ChangePlan(
    Graph graph,
    Reach reach,
    int count,
    Program row,
    List<Integer> rowValues,
    List<Stage> stages,
    Program rest,
    List<Integer> cut,
    List<Summary> summaries) {

  /** Widest windows, as part of a node's length, up to which layers are computed in windows. */
  private static final double[] SHARES = {0.125, 0.25, 0.5, 0.75, 1};

  /** A number that is copied takes the time of so many multiplications and additions. */
  private static final double FLOPS_PER_COPY = 30;

  /** Share of the work of whole rows below which windows pay. */
  private static final double WORTHWHILE = 0.8;

  /**
   * The cheapest plan for changes of an input, or empty if whole rows cost less.
   *
   * @param point program of the predictions at a point
   * @param input position among the graph's inputs
   * @param count how many neighbouring positions change together, at most
   */
  public static Optional<ChangePlan> of(
      Graph graph, Lowering lowering, Program point, int input, int count) {
    double whole =
        Cost.of(point).flopsPerRow()
            + FLOPS_PER_COPY * graph.inputs().stream().mapToInt(n -> n.shape().size()).sum();
    return Optional.of(cheapest(graph, lowering, input, count))
        .filter(plan -> !plan.stages().isEmpty() && plan.work() < WORTHWHILE * whole);
  }

  /** The cheapest plan, whether it pays or not. */
  static ChangePlan cheapest(Graph graph, Lowering lowering, int input, int count) {
    ChangePlan best = null;
    for (double share : SHARES) {
      ChangePlan plan = within(graph, lowering, input, count, share);
      best = best == null || plan.work() < best.work() ? plan : best;
    }
    return best;
  }

  /**
   * @param share windows wider than this part of a node's length count as the whole of it
   */
  static ChangePlan within(Graph graph, Lowering lowering, int input, int count, double share) {
    Reach reach = Reach.of(graph, graph.inputs().get(input).id(), count, share);
    return new ChangePlanner(graph, lowering, reach, count).plan();
  }

  /** How many programs it has. */
  public int programs() {
    return stages.size() + (row == null ? 1 : 2);
  }

  /** Multiplications and additions for one change. */
  public double flops() {
    double flops = Cost.of(rest).flopsPerRow();
    for (Stage stage : stages) {
      flops += Cost.of(stage.program()).flopsPerRow();
    }
    return flops;
  }

  /** Multiplications and additions for a row, before its changes. */
  public double flopsOfRow() {
    return row == null ? 0 : Cost.of(row).flopsPerRow();
  }

  /** Numbers that are copied for one change, into programs and out of them. */
  long copies() {
    long copies = 0;
    for (Stage stage : stages) {
      copies += numbers(stage.program());
    }
    return copies + numbers(rest);
  }

  private static long numbers(Program program) {
    long fed = program.feeds().stream().mapToLong(feed -> feed.out().shape().size()).sum();
    return fed + program.outputs().stream().mapToLong(out -> out.value().shape().size()).sum();
  }

  /** A node that changes in a window, along its positions. */
  Strip strip(int node) {
    return Strip.of(graph.node(node).shape(), reach.passage(node).axis());
  }

  private double work() {
    return flops() + FLOPS_PER_COPY * copies();
  }
}
