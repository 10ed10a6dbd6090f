package org.deepliftspark.engine.method;

import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.rule.Method;

/** A method that asks the network at points of its own. Safe for many threads. */
public interface PointMethod {

  /** The method of this name; it is one that asks points. */
  static PointMethod of(Method method) {
    return switch (method.kind()) {
      case SMOOTHGRAD -> new SmoothGrad(method.count(), method.amount());
      case EXPECTED_GRADIENTS -> new ExpectedGradients();
      case OCCLUSION -> new Occlusion(method.count(), method.stride());
      case IN_SILICO_MUTAGENESIS -> new Mutagenesis();
      case SHAPLEY_SAMPLING -> new ShapleySampling(method.count());
      default -> throw new IllegalArgumentException("Not a method of points: " + method);
    };
  }

  /**
   * Points per row at most, the row and its references not counted.
   *
   * @param inputs those that are explained
   * @param references per row
   */
  long points(List<Node> inputs, int references);

  /**
   * How many neighbouring positions of one input differ from the row at a point, at most; 0 if
   * points may differ from it anywhere.
   */
  default int changed() {
    return 0;
  }

  /** Begins a row. */
  Task begin(RowPoint row, RowScores scores);

  /** One row's points, asked in order; for one thread. */
  interface Task {

    /** How many points there are. */
    int points();

    /** Writes a point as row {@code at} of each input's array. */
    void write(int point, float[][] into, int at);

    /**
     * Where a point differs from the row; of methods that say how many positions do. Points of an
     * input follow one another.
     */
    default Change change(int point) {
      throw new IllegalStateException("Points of this method are no changes of the row");
    }

    /** Takes the network's answer at a point. */
    void read(int point, Answer answer);

    /** Called after the last answer. */
    default void finish() {}
  }
}
