package org.deepliftspark.engine.backend;

import java.util.List;

/**
 * Rows to compute.
 *
 * @param rows number of rows
 * @param inputs per input of the model, {@code [rows, shape...]}, row-major, channels-last
 * @param references per input, {@code [rows, references, shape...]}; null for an input whose
 *     references are constants of the program or that is held
 * @param seeds of each row, for methods that draw random numbers; otherwise null
 */
public record Batch(int rows, List<float[]> inputs, List<float[]> references, long[] seeds) {

  /** Rows for methods that draw no random numbers. */
  public Batch(int rows, List<float[]> inputs, List<float[]> references) {
    this(rows, inputs, references, null);
  }
}
