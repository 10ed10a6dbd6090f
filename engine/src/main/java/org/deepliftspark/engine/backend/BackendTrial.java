package org.deepliftspark.engine.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Times backends on a program with random rows, one thread each. */
final class BackendTrial {
  private static final Logger LOG = LoggerFactory.getLogger(BackendTrial.class);

  /** Every backend runs so long, and one batch at least; the first batch is not counted. */
  private static final double SECONDS = 0.5;

  private BackendTrial() {}

  /** The backend that computes the most rows per second; the first of equals. */
  static Backend fastest(List<Backend> backends, Program program, BackendOptions options) {
    if (program == null || backends.size() == 1) {
      return backends.get(0);
    }
    Backend fastest = null;
    double best = Double.POSITIVE_INFINITY;
    InvalidInputException refused = null;
    for (Backend backend : backends) {
      try {
        double seconds = secondsPerRow(backend, program, options);
        LOG.info("Backend {}: {} ms per row", backend.name(), seconds * 1e3);
        if (seconds < best) {
          best = seconds;
          fastest = backend;
        }
      } catch (InvalidInputException cannot) {
        LOG.info("Backend {} not tried: {}", backend.name(), cannot.getMessage());
        refused = cannot;
      }
    }
    if (fastest == null) {
      throw refused;
    }
    LOG.info("Backend: {}", fastest.name());
    return fastest;
  }

  private static double secondsPerRow(Backend backend, Program program, BackendOptions options) {
    try (Executable executable = backend.compile(program, options);
        Workspace workspace = executable.newWorkspace()) {
      int rows = workspace.preferredRows();
      Batch batch = batch(program, rows);
      workspace.run(batch);
      long start = System.nanoTime();
      int batches = 0;
      double seconds = 0;
      while (seconds < SECONDS) {
        workspace.run(batch);
        batches++;
        seconds = (System.nanoTime() - start) / 1e9;
      }
      return seconds / batches / rows;
    }
  }

  private static Batch batch(Program program, int rows) {
    List<float[]> inputs = new ArrayList<>();
    List<float[]> references = new ArrayList<>();
    Random random = new Random(1);
    for (Instruction.Feed feed : program.feeds()) {
      List<float[]> arrays = feed.role() == Instruction.Role.INPUT ? inputs : references;
      while (arrays.size() <= feed.input()) {
        arrays.add(null);
      }
      float[] numbers =
          new float[program.sizes().of(feed.out().extent(), rows) * feed.out().shape().size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = random.nextFloat();
      }
      arrays.set(feed.input(), numbers);
    }
    return new Batch(rows, inputs, references);
  }
}
