package org.deepliftspark.engine.backend;

import java.util.List;

/**
 * Rows to compute.
 *
 * @param rows number of rows
 * @param inputs per input of the model, {@code [rows, shape...]}, row-major, channels-last
 * @param references per input, {@code [rows, references, shape...]}; null for an input whose
 *     references are constants of the program or that is held
 */
public record Batch(int rows, List<float[]> inputs, List<float[]> references) {}
