package org.deepliftspark.engine.metric;

import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.reference.ReferenceGenerator;
import org.deepliftspark.engine.reference.ReferenceSpec;
import org.deepliftspark.engine.reference.RowSeed;
import org.deepliftspark.engine.rule.Method;

/**
 * Explains rows in memory by one method, for comparisons of methods; models of one input. For one
 * thread; close it to free native memory.
 */
public final class Explainer implements AutoCloseable {
  private final DeepLift engine;
  private final DeepLift.Session session;
  private final ReferenceGenerator references;
  private final Shape shape;
  private final boolean multipliers;
  private final long seed;

  private Explainer(
      DeepLift engine, ReferenceGenerator references, boolean multipliers, long seed) {
    this.engine = engine;
    this.session = engine.newSession();
    this.references = references;
    this.shape = engine.graph().inputs().get(0).shape();
    this.multipliers = multipliers;
    this.seed = seed;
  }

  /**
   * @param method name of the method
   * @param targets target strings
   * @param references as in {@code --references}: zeros, background or shuffles
   * @param seed of what is drawn
   * @param backend {@code auto} or a backend's name
   */
  public static Explainer open(
      Graph graph,
      String method,
      List<String> targets,
      String references,
      long seed,
      String backend) {
    Shape shape = graph.inputs().get(0).shape();
    ReferenceGenerator generator = ReferenceGenerator.of(ReferenceSpec.parse(references), null);
    ReferenceMode mode = ReferenceMode.given(generator.count());
    if (generator.shared()) {
      int[] dims = new int[shape.rank() + 1];
      dims[0] = generator.count();
      System.arraycopy(shape.dims(), 0, dims, 1, shape.rank());
      mode = ReferenceMode.shared(Tensor.of(generator.shared(shape), dims));
    }
    boolean multipliers = Method.of(method).hasMultipliers();
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .method(method)
            .targets(targets)
            .references(List.of(mode))
            .multipliers(multipliers)
            .backend(backend)
            .build();
    return new Explainer(DeepLift.open(graph, options), generator, multipliers, seed);
  }

  /**
   * @param rows each {@code [shape...]}
   * @param ids of the rows; what is drawn for a row depends on it and the seed
   */
  public Scores explain(List<float[]> rows, List<String> ids) {
    int targets = engine.targets().size();
    Scores scores =
        new Scores(
            new float[rows.size()][targets][],
            multipliers ? new float[rows.size()][targets][] : null,
            new double[rows.size()][targets],
            new double[rows.size()][targets]);
    int atOnce = Math.max(1, session.preferredRows());
    for (int from = 0; from < rows.size(); from += atOnce) {
      int to = Math.min(rows.size(), from + atOnce);
      place(from, session.attribute(batch(rows.subList(from, to), ids.subList(from, to))), scores);
    }
    return scores;
  }

  private Batch batch(List<float[]> rows, List<String> ids) {
    int size = shape.size();
    float[] inputs = new float[rows.size() * size];
    float[] ofRows =
        references.shared() ? null : new float[rows.size() * references.count() * size];
    long[] seeds = new long[rows.size()];
    for (int i = 0; i < seeds.length; i++) {
      System.arraycopy(rows.get(i), 0, inputs, i * size, size);
      seeds[i] = RowSeed.of(~seed, ids.get(i));
      if (ofRows != null) {
        long ofRow = RowSeed.of(seed, ids.get(i));
        references.generate(rows.get(i), shape, ofRow, ofRows, i * references.count() * size);
      }
    }
    return new Batch(seeds.length, List.of(inputs), Arrays.asList(ofRows), seeds);
  }

  private void place(int from, Attribution found, Scores scores) {
    for (int row = 0; row < found.rows(); row++) {
      for (int target = 0; target < found.targets(); target++) {
        int at = row * found.targets() + target;
        scores.contributions()[from + row][target] = part(found.contributions(0), at);
        if (multipliers) {
          scores.multipliers()[from + row][target] = part(found.multipliers(0), at);
        }
        scores.predictions()[from + row][target] = found.predictions().get(at);
        double largest = 0;
        for (int reference = 0; reference < found.references(); reference++) {
          double delta = found.convergenceDelta().get(at * found.references() + reference);
          largest = Math.max(largest, Math.abs(delta));
        }
        scores.deltas()[from + row][target] = largest;
      }
    }
  }

  private float[] part(Numbers numbers, int at) {
    int size = shape.size();
    return Arrays.copyOfRange(numbers.floats(), at * size, (at + 1) * size);
  }

  @Override
  public void close() {
    session.close();
    engine.close();
  }
}
