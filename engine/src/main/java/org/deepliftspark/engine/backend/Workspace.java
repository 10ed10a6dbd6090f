package org.deepliftspark.engine.backend;

import java.util.Map;
import org.deepliftspark.engine.program.Numbers;

/** Runs batches on one thread. */
public interface Workspace extends AutoCloseable {

  /**
   * Computes the program's outputs.
   *
   * @return by output name, {@code [axes of the extent..., shape...]} with {@code batch.rows()}
   *     rows, row-major
   */
  Map<String, Numbers> run(Batch batch);

  /** How many rows per batch suit this backend. */
  int preferredRows();

  @Override
  void close();
}
