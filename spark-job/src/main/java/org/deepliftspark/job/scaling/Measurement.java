package org.deepliftspark.job.scaling;

import java.util.List;
import java.util.Random;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.cpu.GemmPeak;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.job.cli.CyclicBatches;
import org.deepliftspark.job.cli.PeakMemory;
import org.deepliftspark.job.cli.Throughput;

/** Measures one point in this process. */
final class Measurement {
  /** Rows that batches cycle over. */
  private static final int ROWS = 32;

  private static final double PEAK_SECONDS = 0.5;

  private Measurement() {}

  static Measured of(Sweep sweep, Point point, double seconds) throws InterruptedException {
    Graph graph = SequenceNetwork.of(point.length(), point.channels());
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .references(List.of(ReferenceMode.given(point.references())))
            .build();
    try (DeepLift engine = DeepLift.open(graph, options)) {
      CyclicBatches batches = CyclicBatches.of(rows(point), batch(engine, point));
      try (Throughput throughput = new Throughput(engine, batches, point.threads())) {
        throughput.warmUp(seconds);
        double rows = throughput.measure(seconds).rowsPerSecond();
        long memory = PeakMemory.megabytes();
        return new Measured(
            sweep,
            point,
            rows * point.references(),
            engine.cost().flopsPerRow() * rows / 1e9,
            GemmPeak.gflops(point.threads(), PEAK_SECONDS),
            memory,
            graph.parameterCount());
      }
    }
  }

  private static int batch(DeepLift engine, Point point) {
    if (point.batch() > 0) {
      return point.batch();
    }
    try (DeepLift.Session session = engine.newSession()) {
      return session.preferredRows();
    }
  }

  private static Batch rows(Point point) {
    int rows = Math.max(point.batch(), Math.min(ROWS, ROWS * 1000 / point.length()));
    return new Batch(
        rows,
        List.of(letters(rows * point.length(), 1)),
        List.of(letters(rows * point.references() * point.length(), 2)));
  }

  private static float[] letters(int count, long seed) {
    Random random = new Random(seed);
    float[] letters = new float[Math.multiplyExact(count, DnaAlphabet.SIZE)];
    for (int at = 0; at < letters.length; at += DnaAlphabet.SIZE) {
      letters[at + random.nextInt(DnaAlphabet.SIZE)] = 1;
    }
    return letters;
  }
}
