package org.deepliftspark.engine.change;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.rule.Lowering;
import org.deepliftspark.engine.rule.PartCompiler;

/**
 * Cuts a graph where a change stops to be local, and the part before into stages. A stage begins
 * where a node reads neighbours, since those that do not change come from the row; what follows
 * position by position belongs to it.
 */
final class ChangePlanner {
  private final Graph graph;
  private final Lowering lowering;
  private final Reach reach;
  private final int count;
  private final boolean[] ofRow;

  /** Nodes whose values the rest of the network reads. */
  private final Set<Integer> cut = new LinkedHashSet<>();

  private final Set<Summary> summaries = new LinkedHashSet<>();

  /** Nodes whose windows are computed. */
  private final boolean[] wanted;

  private final StageDraft[] stageOf;
  private final List<StageDraft> stages = new ArrayList<>();

  /** Nodes whose values of the row itself are needed. */
  private final Set<Integer> rowValues = new LinkedHashSet<>();

  ChangePlanner(Graph graph, Lowering lowering, Reach reach, int count) {
    this.graph = graph;
    this.lowering = lowering;
    this.reach = reach;
    this.count = count;
    this.ofRow = Sources.ofRow(graph);
    this.wanted = new boolean[graph.nodes().size()];
    this.stageOf = new StageDraft[wanted.length];
  }

  ChangePlan plan() {
    cut();
    cut.forEach(this::want);
    summaries.forEach(summary -> want(summary.source()));
    for (Node node : graph.nodes()) {
      if (wanted[node.id()]) {
        place(node);
      }
    }
    for (int id : cut) {
      rowValues.add(id);
      if (stageOf[id] != null) {
        stageOf[id].want(id);
      }
    }
    for (Summary summary : summaries) {
      rowValues.add(summary.source());
      stageOf[summary.source()].want(summary);
    }
    stages.forEach(stage -> stage.feeds().forEach(feed -> rowValues.add(feed.source())));
    rowValues.removeIf(id -> graph.node(id).inputs().isEmpty());
    List<Node> given = new ArrayList<>();
    cut.forEach(id -> given.add(graph.node(id)));
    summaries.forEach(summary -> given.add(summary.node()));
    return new ChangePlan(
        graph,
        reach,
        count,
        rowProgram(),
        List.copyOf(rowValues),
        stages.stream().map(stage -> stage.stage(reach)).toList(),
        PartCompiler.predictions(graph, given, lowering),
        List.copyOf(cut),
        List.copyOf(summaries));
  }

  /** Goes back from the targets to where the change is local. */
  private void cut() {
    boolean[] needed = new boolean[wanted.length];
    lowering.targets().forEach(target -> target.terms().forEach(term -> need(term.node(), needed)));
    for (int id = needed.length - 1; id >= 0; id--) {
      if (!needed[id]) {
        continue;
      }
      Summary summary = Summary.of(graph.node(id), graph, reach).orElse(null);
      if (summary != null) {
        summaries.add(summary);
      } else {
        graph.node(id).inputs().forEach(source -> need(source, needed));
      }
    }
  }

  /** Nodes that a change spreads over are computed anew, and read others. */
  private void need(int node, boolean[] needed) {
    int id = Sources.resolved(node, graph);
    if (reach.isChanged(id) && !reach.isLocal(id)) {
      needed[id] = true;
    } else if (ofRow[id]) {
      cut.add(id);
    }
  }

  private void want(int node) {
    int id = Sources.resolved(node, graph);
    if (reach.isLocal(id) && id != reach.input() && !wanted[id]) {
      wanted[id] = true;
      boolean plain = reach.passage(id).slide().isPlain();
      graph.node(id).inputs().forEach(source -> want(plain ? source : behindMoves(source)));
    }
  }

  /** The node whose numbers others only moved. */
  private int behindMoves(int node) {
    int id = Sources.resolved(node, graph);
    while (Passage.isMove(graph.node(id).op())) {
      id = Sources.resolved(graph.node(id).inputs().get(0), graph);
    }
    return id;
  }

  private void place(Node node) {
    Slide slide = reach.passage(node.id()).slide();
    StageDraft stage = slide.isPlain() ? latest(node) : null;
    if (stage == null) {
      stage = new StageDraft(node.id(), wanted.length);
      stages.add(stage);
    }
    stageOf[node.id()] = stage;
    List<Integer> inputs = new ArrayList<>();
    for (int source : node.inputs()) {
      inputs.add(
          slide.isPlain()
              ? operand(node, Sources.resolved(source, graph), stage)
              : neighbours(node, Sources.resolved(source, graph), stage));
    }
    int width = reach.width(node.id());
    Passage passage = reach.passage(node.id());
    stage.add(
        node.id(),
        node.name(),
        passage.within(node, width),
        inputs,
        node.shape().with(passage.axis(), width));
  }

  /**
   * The last stage that a node reads, if the node's windows lie as those there; null if it needs a
   * new one.
   */
  private StageDraft latest(Node node) {
    int last = -1;
    int of = -1;
    Set<Integer> changing = new LinkedHashSet<>();
    for (int source : node.inputs()) {
      int id = Sources.resolved(source, graph);
      int stage = stages.indexOf(stageOf[id]);
      if (reach.isLocal(id)) {
        changing.add(id);
      }
      if (stage > last) {
        last = stage;
        of = id;
      }
    }
    if (last < 0) {
      return null;
    }
    boolean alike =
        changing.size() == 1
            ? reach.length(of) == reach.length(node.id())
            : reach.lieAlike(node.id(), of, count);
    return alike ? stages.get(last) : null;
  }

  /** An operand of which each position reads its own. */
  private int operand(Node node, int source, StageDraft stage) {
    if (stageOf[source] == stage && stage.holds(source)) {
      return source;
    }
    Node from = graph.node(source);
    Passage passage = reach.passage(node.id());
    int width = reach.width(node.id());
    if (reach.isLocal(source)) {
      int axis = reach.passage(source).axis();
      return feed(stage, from, axis, passage.slide(), width);
    }
    int fromEnd = node.shape().rank() - passage.axis();
    if (!Passage.isSame(from.shape(), fromEnd)) {
      return feed(stage, from, from.shape().rank() - fromEnd, Slide.PLAIN, width);
    } else if (from.op() instanceof Op.Constant) {
      return stage.add(source, from.name(), from.op(), List.of(), from.shape());
    }
    return stage.feed(new Feed(source, Feed.WHOLE, Slide.PLAIN, from.shape()), from.name());
  }

  /** The operand of a node that reads neighbours: its part of the row with the window in it. */
  private int neighbours(Node node, int source, StageDraft stage) {
    Slide slide = reach.passage(node.id()).slide();
    int span = slide.span(reach.width(node.id()));
    int behind = behindMoves(source);
    return moved(source, behind, slide, span, stage);
  }

  private int moved(int id, int behind, Slide slide, int span, StageDraft stage) {
    Node node = graph.node(id);
    if (id == behind) {
      return feed(stage, node, reach.passage(id).axis(), slide, span);
    }
    int source = Sources.resolved(node.inputs().get(0), graph);
    int input = moved(source, behind, slide, span, stage);
    Passage passage = reach.passage(id);
    Shape shape = node.shape().with(passage.axis(), span);
    return stage.add(null, node.name(), passage.within(node, span), List.of(input), shape);
  }

  private int feed(StageDraft stage, Node from, int axis, Slide slide, int span) {
    if (stageOf[from.id()] != null) {
      stageOf[from.id()].want(from.id());
    }
    Shape shape = from.shape().with(axis, span);
    return stage.feed(new Feed(from.id(), axis, slide, shape), from.name());
  }

  /** What the row itself has at the nodes that are read; null if nothing but inputs is. */
  private Program rowProgram() {
    if (rowValues.isEmpty()) {
      return null;
    }
    boolean[] needed = new boolean[wanted.length];
    rowValues.forEach(id -> needed[id] = true);
    List<Node> nodes = new ArrayList<>();
    for (int id = needed.length - 1; id >= 0; id--) {
      if (needed[id]) {
        nodes.add(0, graph.node(id));
        graph.node(id).inputs().forEach(source -> needed[source] = true);
      }
    }
    return PartCompiler.values(graph.inputs(), nodes, List.copyOf(rowValues));
  }
}
