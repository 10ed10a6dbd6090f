package org.deepliftspark.job.cli;

import java.util.Locale;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.program.Numbers;

/** Compares contributions with those of the reference backend, nd4j in double. */
final class BackendCheck {
  /** Allowed difference, relative to the row's largest |contribution|. */
  private static final double TOLERANCE = 1e-4;

  private static final String REFERENCE_BACKEND = "nd4j";

  private BackendCheck() {}

  /**
   * @param found what the engine gave for the row
   * @param row the same row alone
   * @return the largest difference, relative to the row's largest |contribution|
   * @throws IllegalStateException if it is too large
   */
  static double check(Graph graph, DeepLiftOptions options, Batch row, Attribution found) {
    DeepLiftOptions inDouble =
        DeepLiftOptions.builder()
            .method(options.method())
            .profile(options.profile())
            .targets(options.targets())
            .references(options.references())
            .backend(REFERENCE_BACKEND)
            .precision(Precision.F64)
            .build();
    try (DeepLift engine = DeepLift.open(graph, inDouble);
        DeepLift.Session session = engine.newSession()) {
      double difference = difference(session.attribute(row), found, graph.inputs().size());
      if (!(difference <= TOLERANCE)) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "contributions of row 0 differ from those of %s in double by %.3g of the largest, allowed %.0e",
                REFERENCE_BACKEND,
                difference,
                TOLERANCE));
      }
      return difference;
    }
  }

  private static double difference(Attribution expected, Attribution found, int inputs) {
    double largest = 0;
    double difference = 0;
    for (int input = 0; input < inputs; input++) {
      Numbers numbers = expected.contributions(input);
      for (int i = 0; numbers != null && i < numbers.length(); i++) {
        largest = Math.max(largest, Math.abs(numbers.get(i)));
        double apart = Math.abs(numbers.get(i) - found.contributions(input).get(i));
        difference = Math.max(difference, apart);
      }
    }
    return difference == 0 ? 0 : difference / largest;
  }
}
