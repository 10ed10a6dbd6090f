package org.deepliftspark.job.partition;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;
import org.deepliftspark.engine.DeepLift;

/**
 * Scores the rows of a partition batch by batch. Engines are the JVM's; sessions are the task's and
 * are closed when the task ends, however it ends.
 */
public final class AttributionFunction implements MapPartitionsFunction<Row, Row> {
  private final List<GraphHandle> graphs;
  private final List<EngineSpec> specs;
  private final RowCodec codec;
  private final int batchRows;
  private final ScoreMetrics metrics;

  /**
   * @param graphs of the models whose scores are averaged
   * @param specs one per graph, alike but for the model's hash
   * @param batchRows rows per batch; 0 for what the backend prefers
   * @param metrics counts rows and times
   */
  public AttributionFunction(
      List<GraphHandle> graphs,
      List<EngineSpec> specs,
      RowCodec codec,
      int batchRows,
      ScoreMetrics metrics) {
    this.graphs = new ArrayList<>(graphs);
    this.specs = new ArrayList<>(specs);
    this.codec = codec;
    this.batchRows = batchRows;
    this.metrics = metrics;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return rows; // an empty partition needs no engine
    }
    try {
      return open(rows);
    } catch (RuntimeException | Error e) {
      throw explained(e);
    }
  }

  private Iterator<Row> open(Iterator<Row> rows) {
    Release release = new Release();
    TaskContext.get().addTaskCompletionListener(release);
    ExecutableCache.instance().keepIdle(specs.size());
    List<ModelScorer> models = new ArrayList<>();
    String device = null;
    int size = batchRows > 0 ? batchRows : Integer.MAX_VALUE;
    for (int i = 0; i < specs.size(); i++) {
      EngineSpec spec = TaskGpu.settle(specs.get(i), TaskContext.get());
      GraphHandle graph = graphs.get(i);
      ExecutableCache.Lease lease =
          ExecutableCache.instance().lease(spec.key(), () -> spec.open(graph.graph()));
      DeepLift.Session session = release.open(lease);
      device = lease.engine().description();
      models.add(new ModelScorer(session, spec, codec.reader()));
      size = batchRows > 0 ? batchRows : Math.min(size, session.preferredRows());
    }
    BatchScorer scorer = new BatchScorer(models, codec);
    RowCodec.Writer writer = codec.writer(device);
    return new BatchIterator<>(rows, size, batch -> score(batch, scorer, writer), metrics::written);
  }

  private List<Row> score(List<Row> batch, BatchScorer scorer, RowCodec.Writer writer) {
    try {
      long start = System.nanoTime();
      BatchScorer.Encoded encoded = scorer.encode(batch);
      long ready = System.nanoTime();
      ScoredBatch scored = scorer.score(encoded);
      long computed = System.nanoTime();
      List<Row> rows = writer.rows(scored);
      long pairs = batch.size() * scorer.pairsPerRow();
      metrics.batch(batch.size(), pairs, start, ready, computed, System.nanoTime());
      NativeMemory.check();
      return rows;
    } catch (RuntimeException | Error e) {
      throw explained(e);
    }
  }

  /** Throws an error, returns an exception to throw. */
  private static RuntimeException explained(Throwable failure) {
    Throwable explained = NativeMemory.explain(failure);
    if (explained instanceof Error error) {
      throw error;
    }
    return (RuntimeException) explained;
  }

  /** Gives everything back that a task borrowed. */
  private static final class Release implements TaskCompletionListener {
    private final List<Runnable> borrowed = new ArrayList<>();

    DeepLift.Session open(ExecutableCache.Lease lease) {
      borrowed.add(lease::close);
      DeepLift.Session session = lease.engine().newSession();
      borrowed.add(session::close);
      return session;
    }

    /** Last first: a session is closed before its engine goes back. */
    @Override
    public void onTaskCompletion(TaskContext task) {
      RuntimeException first = null;
      for (int i = borrowed.size() - 1; i >= 0; i--) {
        try {
          borrowed.get(i).run();
        } catch (RuntimeException e) {
          if (first != null) {
            e.addSuppressed(first);
          }
          first = e;
        }
      }
      if (first != null) {
        throw first;
      }
    }
  }
}
