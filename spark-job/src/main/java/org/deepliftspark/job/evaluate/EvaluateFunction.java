package org.deepliftspark.job.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.metric.Explainer;
import org.deepliftspark.engine.metric.MotifRecovery;
import org.deepliftspark.engine.metric.Network;
import org.deepliftspark.engine.metric.Scores;
import org.deepliftspark.engine.reference.ReferenceGenerator;
import org.deepliftspark.engine.reference.ReferenceSpec;
import org.deepliftspark.engine.reference.RowSeed;
import org.deepliftspark.job.io.SourceSchema;
import org.deepliftspark.job.partition.RowInputs;

/**
 * Measures the rows of a partition, one after the other: a row of {@link EvaluateJob#SCHEMA} per
 * measure, place and method. Numbers that are not finite are left out.
 */
final class EvaluateFunction implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  /** Name of contributions that were there already. */
  static final String GIVEN = "given";

  private final Broadcast<Graph> graph;
  private final RowInputs inputs;
  private final List<String> targets;
  private final List<String> methods;
  private final List<Metric> metrics;
  private final EvaluateOptions.Draws draws;
  private final String backend;
  private final int sitesAt;
  private final int contributionsAt;
  private final int targetAt;

  /**
   * @param draws with references that are settled
   * @param sitesAt position of the column with sites; -1 for none
   * @param contributionsAt position of the column with contributions; -1 for none
   * @param targetAt position of the column that says of which target they are; -1 for none
   */
  EvaluateFunction(
      Broadcast<Graph> graph,
      RowInputs inputs,
      EvaluateOptions options,
      EvaluateOptions.Draws draws,
      List<String> targets,
      int sitesAt,
      int contributionsAt,
      int targetAt) {
    this.graph = graph;
    this.inputs = inputs;
    this.targets = new ArrayList<>(targets);
    this.methods = new ArrayList<>(options.methods());
    this.metrics = new ArrayList<>(options.metrics());
    this.draws = draws;
    this.targetAt = targetAt;
    this.backend = options.backend();
    this.sitesAt = sitesAt;
    this.contributionsAt = contributionsAt;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return rows; // an empty partition needs no engine
    }
    Engines engines = new Engines();
    TaskContext.get().addTaskCompletionListener(engines);
    engines.open();
    RowMetrics measures = new RowMetrics(engines.network, metrics, draws.subsets());
    float[] baseline =
        ReferenceGenerator.of(ReferenceSpec.parse(draws.baseline()), null)
            .shared(engines.network.shape());
    return new Measured(rows, row -> measured(row, engines, baseline, measures));
  }

  /** What a task computes with; closed when it ends, however it ends. */
  private final class Engines implements TaskCompletionListener {
    private final Map<String, Explainer> explainers = new LinkedHashMap<>();
    private Network network;

    void open() {
      network = Network.open(graph.value(), targets, backend);
      for (String method : methods) {
        explainers.put(
            method,
            Explainer.open(
                graph.value(), method, targets, draws.references(), draws.seed(), backend));
      }
    }

    @Override
    public void onTaskCompletion(TaskContext task) {
      explainers.values().forEach(Explainer::close);
      if (network != null) {
        network.close();
      }
    }
  }

  /** Results of one row after the other, as they are asked for. */
  private static final class Measured implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final Function<Row, List<Row>> measure;
    private Iterator<Row> ready = Collections.emptyIterator();

    Measured(Iterator<Row> rows, Function<Row, List<Row>> measure) {
      this.rows = rows;
      this.measure = measure;
    }

    @Override
    public boolean hasNext() {
      while (!ready.hasNext() && rows.hasNext()) {
        ready = measure.apply(rows.next()).iterator();
      }
      return ready.hasNext();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.next();
    }
  }

  private List<Row> measured(Row row, Engines engines, float[] baseline, RowMetrics measures) {
    List<Row> found = new ArrayList<>();
    Shape shape = engines.network.shape();
    int letters = RowMetrics.letters(shape);
    float[] x = inputs.numbers(0, row.get(SourceSchema.INPUTS_AT), shape.size());
    String id = id(row, x);
    int positions = shape.size() / letters;
    Sites sites = Sites.of(sitesAt < 0 ? null : row.getString(sitesAt), positions);
    long seed = RowSeed.of(draws.seed(), id);
    measures.nextRow();
    engines.explainers.forEach(
        (method, explainer) -> {
          Scores scores = explainer.explain(List.of(x), List.of(id));
          for (int target : targetsOf(row)) {
            float[] contributions = scores.contributions()[0][target];
            RowCase of =
                new RowCase(
                    x,
                    baseline,
                    seed,
                    target,
                    scores.predictions()[0][target],
                    MotifRecovery.perPosition(contributions, letters),
                    scores.deltas()[0][target],
                    sites.starts(),
                    sites.ends());
            add(id, method, of, measures, found);
          }
        });
    if (contributionsAt >= 0) {
      int target = targetsOf(row)[0];
      RowCase of =
          new RowCase(
              x,
              baseline,
              seed,
              target,
              engines.network.predict(1, x)[0][target],
              given(row, id, positions, letters),
              Double.NaN,
              sites.starts(),
              sites.ends());
      add(id, GIVEN, of, measures, found);
    }
    return found;
  }

  /** All targets, or the one that the row's contributions are of. */
  private int[] targetsOf(Row row) {
    return targetAt < 0
        ? IntStream.range(0, targets.size()).toArray()
        : new int[] {targets.indexOf(row.getString(targetAt))};
  }

  /** The row's id, or a number of what it holds. */
  private static String id(Row row, float[] x) {
    String id = row.getString(SourceSchema.ID_AT);
    if (id != null) {
      return id;
    }
    Object given = row.get(SourceSchema.INPUTS_AT);
    String content = given instanceof String sequence ? sequence : Arrays.toString(x);
    return String.format("%016x", RowSeed.of(0, content));
  }

  /** Contributions as the score command writes them, one per position or one per letter. */
  private double[] given(Row row, String id, int length, int letters) {
    List<?> numbers = row.isNullAt(contributionsAt) ? List.of() : row.getList(contributionsAt);
    if (numbers.size() != length && numbers.size() != length * letters) {
      throw new InvalidInputException(
          "Invalid contributions of row "
              + id
              + " (--contributions-col): expected "
              + length
              + " numbers, or "
              + letters
              + " times as many, found "
              + numbers.size());
    }
    float[] flat = new float[numbers.size()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = ((Number) numbers.get(i)).floatValue();
    }
    return MotifRecovery.perPosition(flat, flat.length / length);
  }

  private void add(String id, String method, RowCase of, RowMetrics measures, List<Row> found) {
    measures.measure(
        of,
        (metric, place, value) -> {
          if (Double.isFinite(value)) {
            found.add(
                RowFactory.create(
                    id, targets.get(of.target()), method, metric.key(), place, value));
          }
        });
  }
}
