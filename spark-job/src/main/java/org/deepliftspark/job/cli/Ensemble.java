package org.deepliftspark.job.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.Target;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.job.io.SequenceSource;
import org.deepliftspark.job.partition.Strands;

/**
 * One model or several of equal inputs, on one strand or both: what {@code attribute} computes, by
 * the same averages as {@code score}. Any number of threads.
 */
final class Ensemble implements AutoCloseable {
  private final List<DeepLift> engines = new ArrayList<>();
  private final List<SessionPool> pools = new ArrayList<>();
  private final List<Boolean> dna;
  private final boolean bothStrands;

  private Ensemble(Graph first, boolean bothStrands) {
    this.dna = first.inputs().stream().map(SequenceSource::isDna).toList();
    this.bothStrands = bothStrands;
  }

  /**
   * @param graphs of equal inputs
   * @param feed gives the rows
   * @throws InvalidInputException if a model has several targets, or none of the inputs has strands
   */
  static Ensemble open(List<Graph> graphs, RowFeed feed, OptionValues values) {
    boolean bothStrands = values.get(Options.REVERSE_COMPLEMENT);
    Ensemble ensemble = new Ensemble(graphs.get(0), bothStrands);
    if (bothStrands && !ensemble.dna.contains(true)) {
      throw new InvalidInputException(
          "Invalid --reverse-complement: no input of "
              + graphs.get(0).name()
              + " takes DNA, [length, 4]");
    }
    try {
      int threads = EngineOptions.threads(values);
      for (Graph graph : graphs) {
        requireOneTarget(graph, values);
        DeepLiftOptions options = options(values, graph, feed, graphs.size());
        ensemble.engines.add(DeepLift.open(graph, options));
        ensemble.pools.add(new SessionPool(ensemble.lastEngine(), threads));
      }
      return ensemble;
    } catch (RuntimeException e) {
      ensemble.close();
      throw e;
    }
  }

  /** What one of several models computes. */
  static DeepLiftOptions options(OptionValues values, Graph graph, RowFeed feed, int models) {
    return EngineOptions.of(values, graph, feed.modes())
        .multipliers(true)
        .memoryBytes(values.get(Options.MEMORY_PER_TASK) / models)
        .build();
  }

  private static void requireOneTarget(Graph graph, OptionValues values) {
    List<Target> targets = DeepLift.targets(graph, EngineOptions.targets(values, graph));
    if (targets.size() > 1) {
      throw new InvalidInputException(
          "Invalid "
              + Options.TARGET
              + ": attribute writes the arrays of one target, found "
              + targets.size()
              + "; run it once for each, or use score");
    }
  }

  private DeepLift lastEngine() {
    return engines.get(engines.size() - 1);
  }

  /** Rows per batch that suit all backends. */
  int preferredRows() {
    return pools.stream().mapToInt(SessionPool::preferredRows).min().orElseThrow();
  }

  /** Results of a row that are held at once: one per model and strand. */
  int results() {
    return engines.size() * (bothStrands ? 2 : 1);
  }

  EnsembleAttribution attribute(Batch batch) throws InterruptedException {
    Batch other = bothStrands ? otherStrand(batch) : null;
    List<Attribution> perModel = new ArrayList<>();
    for (SessionPool pool : pools) {
      Attribution forward = pool.attribute(batch);
      perModel.add(
          other == null
              ? forward
              : EnsembleAttribution.mean(List.of(forward, turned(pool.attribute(other), batch))));
    }
    return EnsembleAttribution.of(perModel);
  }

  private Batch otherStrand(Batch batch) {
    return new Batch(
        batch.rows(),
        otherStrand(batch.inputs(), batch),
        otherStrand(batch.references(), batch),
        batch.seeds());
  }

  private List<float[]> otherStrand(List<float[]> arrays, Batch batch) {
    List<float[]> others = new ArrayList<>();
    for (int i = 0; i < arrays.size(); i++) {
      float[] array = arrays.get(i);
      if (array != null && dna.get(i)) {
        array = array.clone();
        Strands.reverse(array, rowSize(batch, i));
      }
      others.add(array);
    }
    return others;
  }

  private static int rowSize(Batch batch, int input) {
    return batch.inputs().get(input).length / batch.rows();
  }

  /** The scores of the other strand, put in the places of this one. */
  private Attribution turned(Attribution other, Batch batch) {
    for (int i = 0; i < dna.size(); i++) {
      if (dna.get(i) && other.contributions(i) != null) {
        int size = rowSize(batch, i);
        Stream.of(other.contributions(i), other.multipliers(i), other.hypothetical(i))
            .filter(Objects::nonNull)
            .forEach(numbers -> Strands.reverse(numbers, size));
      }
    }
    return other;
  }

  /** No call may be under way any more. */
  @Override
  public void close() {
    pools.forEach(SessionPool::close);
    engines.forEach(DeepLift::close);
  }
}
