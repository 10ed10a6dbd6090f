package org.deepliftspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.reference.RowSeed;
import org.deepliftspark.engine.rule.Method;
import org.deepliftspark.engine.rule.RuleProfile;

/**
 * A network explained on every backend, and what is expected of all of them. Numbers are compared
 * to {@value #TOLERANCE} of the largest expected one.
 */
final class Explained {
  private static final double TOLERANCE = 2e-6;

  private final Map<String, Attribution> byBackend;

  private Explained(Map<String, Attribution> byBackend) {
    this.byBackend = byBackend;
  }

  static Question network(Graph graph) {
    return new Question(graph);
  }

  /** Collects what is asked of a network. References are zeros unless said otherwise. */
  static final class Question {
    private final Graph graph;
    private final List<ReferenceMode> references = new ArrayList<>();
    private final List<float[]> ofRows = new ArrayList<>();
    private String method = DeepLiftOptions.METHOD_DEFAULT;
    private RuleProfile profile = RuleProfile.DEFAULT;
    private List<String> targets = List.of();

    private Question(Graph graph) {
      this.graph = graph;
      for (Node input : graph.inputs()) {
        references.add(ReferenceMode.shared(Tensor.filled(0f, withCount(1, input.shape()))));
        ofRows.add(null);
      }
    }

    private static Shape withCount(int count, Shape shape) {
      int[] dims = new int[shape.rank() + 1];
      dims[0] = count;
      System.arraycopy(shape.dims(), 0, dims, 1, shape.rank());
      return Shape.of(dims);
    }

    Question by(String name) {
      this.method = name;
      return this;
    }

    Question profile(RuleProfile value) {
      this.profile = value;
      return this;
    }

    Question targets(String... texts) {
      this.targets = List.of(texts);
      return this;
    }

    /** References that all rows share, one after the other. */
    Question from(int input, float... shared) {
      Shape shape = graph.inputs().get(input).shape();
      Shape counted = withCount(shared.length / shape.size(), shape);
      references.set(input, ReferenceMode.shared(Tensor.of(shared, counted)));
      return this;
    }

    /** A reference of one number throughout. */
    Question fromAll(float number) {
      for (int input = 0; input < references.size(); input++) {
        float[] numbers = new float[graph.inputs().get(input).shape().size()];
        Arrays.fill(numbers, number);
        from(input, numbers);
      }
      return this;
    }

    /** References of each row, {@code [rows, count, shape...]}. */
    Question fromGiven(int input, int count, float... numbers) {
      references.set(input, ReferenceMode.given(count));
      ofRows.set(input, numbers);
      return this;
    }

    Question hold(int input) {
      references.set(input, ReferenceMode.hold());
      return this;
    }

    /** Explains rows on every backend, each input row-major. */
    Explained at(float[]... inputs) {
      int rows = inputs[0].length / graph.inputs().get(0).shape().size();
      DeepLiftOptions.Builder options =
          DeepLiftOptions.builder()
              .method(method)
              .profile(profile)
              .targets(targets)
              .references(references)
              .multipliers(true)
              .hypothetical(Method.of(method).hasMultipliers());
      long[] seeds = LongStream.range(0, rows).map(row -> RowSeed.of(1, "row " + row)).toArray();
      Map<String, Attribution> byBackend = new LinkedHashMap<>();
      for (String backend : Backends.names()) {
        try (DeepLift engine = DeepLift.open(graph, options.backend(backend).build());
            DeepLift.Session session = engine.newSession()) {
          byBackend.put(
              backend, session.attribute(new Batch(rows, List.of(inputs), ofRows, seeds)));
        }
      }
      assertThat(byBackend).isNotEmpty();
      return new Explained(byBackend);
    }
  }

  /** The result of one backend after the other. */
  Map<String, Attribution> byBackend() {
    return byBackend;
  }

  Explained predicts(double... expected) {
    return agree("predictions", Attribution::predictions, expected);
  }

  Explained contributes(double... expected) {
    return contributesOf(0, expected);
  }

  Explained contributesOf(int input, double... expected) {
    return agree("contributions", found -> found.contributions(input), expected);
  }

  Explained multiplies(double... expected) {
    return multipliesOf(0, expected);
  }

  Explained multipliesOf(int input, double... expected) {
    return agree("multipliers", found -> found.multipliers(input), expected);
  }

  /** Contributions of all inputs sum to the difference of the predictions. */
  Explained sumsToDelta() {
    byBackend.forEach(
        (backend, found) -> assertThat(Completeness.of(found)).as(backend).isLessThan(2e-6));
    return this;
  }

  /** Contributions are the same as another explanation's. */
  Explained contributesAs(Explained other) {
    byBackend.forEach(
        (backend, found) -> {
          for (int input = 0; input < found.scores().length; input++) {
            int number = input;
            agree(
                "contributions of input " + input,
                all -> all.contributions(number),
                other.byBackend.get(backend).contributions(input).doubles());
          }
        });
    return this;
  }

  private interface Part {
    Numbers of(Attribution found);
  }

  private Explained agree(String what, Part part, double... expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    byBackend.forEach(
        (backend, found) ->
            assertThat(part.of(found).doubles())
                .as("%s on %s", what, backend)
                .containsExactly(expected, within(TOLERANCE * Math.max(largest, 1e-3))));
    return this;
  }
}
