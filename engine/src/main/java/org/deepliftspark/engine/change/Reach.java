package org.deepliftspark.engine.change;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;

/**
 * How far a change of some neighbouring positions of an input reaches. Of each node that changes in
 * a window only, the window has the same width whatever the place of the change, so that many can
 * be computed together; near the ends it holds positions that do not change.
 */
final class Reach {
  private final Graph graph;
  private final int input;
  private final boolean[] changes;
  private final Passage[] passages;
  private final int[] widths;

  private Reach(Graph graph, int input) {
    this.graph = graph;
    this.input = input;
    this.changes = new boolean[graph.nodes().size()];
    this.passages = new Passage[changes.length];
    this.widths = new int[changes.length];
  }

  /**
   * @param input id of the node whose positions, its first axis, change
   * @param count how many neighbours change together
   * @param share windows wider than this part of a node's length count as the whole of it
   */
  static Reach of(Graph graph, int input, int count, double share) {
    Reach reach = new Reach(graph, input);
    reach.pass(0);
    reach.measure(count);
    for (int id = 0; id < reach.widths.length; id++) {
      if (reach.isLocal(id) && id != input && reach.widths[id] > share * reach.length(id)) {
        reach.passages[id] = null;
      }
    }
    reach.pass(input + 1);
    return reach;
  }

  /** Finds how nodes pass the change on; what was found to spread stays so. */
  private void pass(int first) {
    for (Node node : graph.nodes()) {
      int id = node.id();
      if (id == input && first == 0) {
        changes[id] = true;
        passages[id] = new Passage(0, Slide.PLAIN);
      }
      boolean known = first > 0 && changes[id] && passages[id] == null;
      if (node.inputs().isEmpty() || known) {
        continue;
      }
      int[] axes = new int[node.inputs().size()];
      List<Node> sources = new ArrayList<>();
      boolean spread = false;
      for (int i = 0; i < axes.length; i++) {
        int source = node.inputs().get(i);
        sources.add(graph.node(source));
        changes[id] |= changes[source];
        spread |= changes[source] && passages[source] == null;
        axes[i] = isLocal(source) ? passages[source].axis() : Passage.UNCHANGED;
      }
      passages[id] = changes[id] && !spread ? Passage.of(node, sources, axes) : null;
    }
  }

  private void measure(int count) {
    int[] first = new int[widths.length];
    int[] end = new int[widths.length];
    for (int start = 0; start < length(input); start++) {
      follow(start, Math.min(count, length(input) - start), first, end);
      for (int id = input; id < widths.length; id++) {
        widths[id] = Math.max(widths[id], Math.max(1, end[id] - first[id]));
      }
    }
  }

  /** Follows a change through the nodes: between which positions each changes. */
  private void follow(int start, int count, int[] first, int[] end) {
    first[input] = start;
    end[input] = start + count;
    for (int id = input + 1; id < first.length; id++) {
      if (!isLocal(id)) {
        continue;
      }
      int from = 0;
      int to = 0;
      for (int source : graph.node(id).inputs()) {
        if (!isLocal(source)) {
          continue;
        }
        // a stride may pass over the change: then there is a place, but nothing changes there
        boolean changes = end[source] > first[source];
        from = to == 0 ? first[source] : changes ? Math.min(from, first[source]) : from;
        to = changes ? Math.max(to, end[source]) : to;
      }
      Slide slide = passages[id].slide();
      first[id] = Math.min(Math.max(0, slide.first(from)), length(id));
      end[id] = to == 0 ? first[id] : Math.max(first[id], Math.min(slide.end(to), length(id)));
    }
  }

  /** Where each node's window begins. For one thread. */
  final class Follower {
    private final int[] first = new int[widths.length];
    private final int[] end = new int[widths.length];

    /**
     * @param starts gets the first position of the window of each node that changes in one
     */
    void follow(int start, int count, int[] starts) {
      Reach.this.follow(start, count, first, end);
      for (int id = input; id < starts.length; id++) {
        if (isLocal(id)) {
          starts[id] = Math.min(first[id], length(id) - widths[id]);
        }
      }
    }
  }

  /** Whether the windows of two nodes lie alike wherever the change is. */
  boolean lieAlike(int a, int b, int count) {
    if (widths[a] != widths[b] || length(a) != length(b)) {
      return false;
    }
    int[] starts = new int[widths.length];
    Follower follower = new Follower();
    for (int start = 0; start < length(input); start++) {
      follower.follow(start, Math.min(count, length(input) - start), starts);
      if (starts[a] != starts[b]) {
        return false;
      }
    }
    return true;
  }

  boolean isChanged(int id) {
    return changes[id];
  }

  /** Whether a node changes in a window only. */
  boolean isLocal(int id) {
    return passages[id] != null;
  }

  /** How the change passes a node that changes in a window only. */
  Passage passage(int id) {
    return passages[id];
  }

  /** Of windows, in positions. */
  int width(int id) {
    return widths[id];
  }

  /** Positions of a node that changes in a window only. */
  int length(int id) {
    return graph.node(id).shape().dim(passages[id].axis());
  }

  int input() {
    return input;
  }
}
