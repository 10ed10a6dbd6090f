package org.deepliftspark.engine.change;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.rule.PartCompiler;

/** A stage while its nodes are gathered. */
final class StageDraft {
  private final int at;
  private int nextId;
  private final List<Feed> feeds = new ArrayList<>();
  private final List<Node> given = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Set<Integer> ids = new LinkedHashSet<>();
  private final Set<Integer> windows = new LinkedHashSet<>();
  private final Set<Summary> summaries = new LinkedHashSet<>();

  /**
   * @param at id of its first node
   * @param freeId from here on ids are not those of the graph
   */
  StageDraft(int at, int freeId) {
    this.at = at;
    this.nextId = freeId;
  }

  /** The id by which nodes of this stage read a feed; equal feeds are one. */
  int feed(Feed feed, String name) {
    int known = feeds.indexOf(feed);
    if (known < 0) {
      known = feeds.size();
      feeds.add(feed);
      given.add(
          new Node(
              nextId++, name, new Op.Input(feed.shape(), false), List.of(), feed.shape(), false));
    }
    return given.get(known).id();
  }

  /** Adds a node of the graph, or one more op on the way to it; returns its id. */
  int add(Integer id, String name, Op op, List<Integer> inputs, Shape shape) {
    int found = id == null ? nextId++ : id;
    if (ids.add(found)) {
      nodes.add(new Node(found, name, op, inputs, shape, false));
    }
    return found;
  }

  boolean holds(int id) {
    return ids.contains(id);
  }

  List<Feed> feeds() {
    return feeds;
  }

  /** Says that a node's window is read later. */
  void want(int id) {
    windows.add(id);
  }

  void want(Summary summary) {
    summaries.add(summary);
  }

  Stage stage(Reach reach) {
    List<Integer> wanted = new ArrayList<>(windows);
    for (Summary summary : summaries) {
      int axis = reach.passage(summary.source()).axis();
      Node source =
          nodes.stream().filter(n -> n.id() == summary.source()).findFirst().orElseThrow();
      wanted.add(
          add(
              null,
              summary.node().name(),
              new Op.Reduce(summary.ofWindow(), new int[] {axis}, true),
              List.of(summary.source()),
              source.shape().with(axis, 1)));
    }
    return new Stage(
        PartCompiler.values(given, nodes, wanted),
        at,
        List.copyOf(feeds),
        List.copyOf(windows),
        List.copyOf(summaries));
  }
}
