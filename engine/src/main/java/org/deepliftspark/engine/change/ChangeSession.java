package org.deepliftspark.engine.change;

import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;

/** Asks what a network says of changed rows, many changes together. For one thread. */
public final class ChangeSession implements AutoCloseable {
  /** Numbers that are held for changes that are asked together. */
  private static final long MOST_NUMBERS = 4 << 20;

  private static final int MOST_CHANGES = 256;

  private final ChangePlan plan;
  private final Workspace row;
  private final List<Workspace> stages;
  private final Workspace rest;
  private final List<Workspace> workspaces;
  private final Reach.Follower follower;

  /** Where the windows of the changes at hand begin, {@code [change][node]}. */
  private final int[][] starts;

  /** Of the changes at hand, by node. */
  private final float[][] windows;

  /** Of the changes at hand, in the plan's order. */
  private final float[][] summaries;

  private RowValues values;

  /**
   * @param workspaces all of them, to be closed with this session
   */
  ChangeSession(
      ChangePlan plan,
      Workspace row,
      List<Workspace> stages,
      Workspace rest,
      List<Workspace> workspaces) {
    this.plan = plan;
    this.row = row;
    this.stages = stages;
    this.rest = rest;
    this.workspaces = workspaces;
    this.follower = plan.reach().new Follower();
    int nodes = plan.graph().nodes().size();
    int atOnce = (int) Math.max(1, Math.min(MOST_CHANGES, MOST_NUMBERS / plan.copies()));
    this.starts = new int[atOnce][nodes];
    this.windows = new float[nodes][];
    this.summaries = new float[plan.summaries().size()][];
  }

  /**
   * Asks all changes of a row.
   *
   * @param inputs of the row, per input of the model
   */
  public void ask(float[][] inputs, Changes changes) {
    values = new RowValues(plan, inputs, row);
    for (int first = 0; first < changes.count(); first += starts.length) {
      int count = Math.min(starts.length, changes.count() - first);
      take(changes, first, count);
      for (int i = 0; i < stages.size(); i++) {
        run(plan.stages().get(i), stages.get(i), count);
      }
      answer(changes, first, count);
    }
    values = null;
  }

  private void take(Changes changes, int first, int count) {
    int input = plan.reach().input();
    int width = plan.reach().width(input);
    Strip strip = plan.strip(input);
    float[] changed = new float[strip.size()];
    windows[input] = new float[count * strip.of(width).size()];
    for (int i = 0; i < count; i++) {
      follower.follow(changes.first(first + i), changes.width(first + i), starts[i]);
      changes.write(first + i, changed);
      strip.cut(changed, starts[i][input], 0, windows[input], width, i);
    }
  }

  private void run(Stage stage, Workspace workspace, int count) {
    float[][] found =
        inPieces(
            stage.program(),
            workspace,
            count,
            (feed, from, buffer, changes) ->
                fill(stage.feeds().get(feed), stage.at(), from, buffer, changes));
    int output = 0;
    for (int id : stage.windows()) {
      windows[id] = found[output++];
    }
    for (Summary summary : stage.summaries()) {
      summaries[plan.summaries().indexOf(summary)] = found[output++];
    }
  }

  private interface Filler {
    /** Writes a feed's numbers for {@code count} changes from {@code from} on. */
    void fill(int feed, int from, float[] buffer, int count);
  }

  /** Runs a program for all changes at hand, as many per call as suit its workspace. */
  private static float[][] inPieces(
      Program program, Workspace workspace, int count, Filler filler) {
    int outputs = program.outputs().size();
    float[][] all = new float[outputs][];
    int most = Math.max(1, workspace.preferredRows());
    int[] sizes = new int[program.feeds().size()];
    program.feeds().forEach(feed -> sizes[feed.input()] = feed.out().shape().size());
    float[][] buffers = new float[sizes.length][];
    for (int from = 0; from < count; from += most) {
      int piece = Math.min(most, count - from);
      for (int feed = 0; feed < sizes.length; feed++) {
        if (buffers[feed] == null || buffers[feed].length != piece * sizes[feed]) {
          buffers[feed] = new float[piece * sizes[feed]];
        }
        filler.fill(feed, from, buffers[feed], piece);
      }
      Map<String, Numbers> found = workspace.run(new Batch(piece, List.of(buffers), List.of()));
      for (int i = 0; i < outputs; i++) {
        float[] part = found.get(program.outputs().get(i).name()).floats();
        if (piece == count) {
          all[i] = part;
        } else {
          int size = program.outputs().get(i).value().shape().size();
          all[i] = all[i] == null ? new float[count * size] : all[i];
          System.arraycopy(part, 0, all[i], from * size, part.length);
        }
      }
    }
    return all;
  }

  /** The row's own numbers, and over them the new ones where the change came through. */
  private void fill(Feed feed, int at, int from, float[] buffer, int count) {
    int source = feed.source();
    float[] own = values.of(source);
    if (feed.axis() == Feed.WHOLE) {
      for (int i = 0; i < count; i++) {
        System.arraycopy(own, 0, buffer, i * own.length, own.length);
      }
      return;
    }
    Strip strip = Strip.of(plan.graph().node(source).shape(), feed.axis());
    int span = feed.shape().dim(feed.axis());
    boolean local = plan.reach().isLocal(source);
    for (int i = 0; i < count; i++) {
      int[] start = starts[from + i];
      int first = feed.slide().from(start[at]);
      strip.cut(own, first, feed.slide().fill(), buffer, span, i);
      if (local) {
        int width = plan.reach().width(source);
        strip.paste(windows[source], width, start[source], from + i, buffer, span, first, i);
      }
    }
  }

  private void answer(Changes changes, int first, int count) {
    int cuts = plan.cut().size();
    float[][] found =
        inPieces(
            plan.rest(),
            rest,
            count,
            (feed, from, buffer, piece) -> {
              if (feed < cuts) {
                fillCut(plan.cut().get(feed), from, buffer, piece);
              } else {
                fillSummary(feed - cuts, from, buffer, piece);
              }
            });
    float[] predictions = found[0];
    int targets = predictions.length / count;
    double[] ofChange = new double[targets];
    for (int i = 0; i < count; i++) {
      for (int target = 0; target < targets; target++) {
        ofChange[target] = predictions[i * targets + target];
      }
      changes.read(first + i, ofChange);
    }
  }

  private void fillCut(int id, int from, float[] buffer, int count) {
    Shape shape = plan.graph().node(id).shape();
    boolean local = plan.reach().isLocal(id);
    int axis = local ? plan.reach().passage(id).axis() : Feed.WHOLE;
    fill(new Feed(id, axis, Slide.WHOLE, shape), id, from, buffer, count);
  }

  private void fillSummary(int number, int from, float[] buffer, int count) {
    Summary summary = plan.summaries().get(number);
    int width = plan.reach().width(summary.source());
    for (int i = 0; i < count; i++) {
      int start = starts[from + i][summary.source()];
      values.around(number).combine(start, width, summaries[number], from + i, buffer, i);
    }
  }

  @Override
  public void close() {
    workspaces.forEach(Workspace::close);
  }
}
