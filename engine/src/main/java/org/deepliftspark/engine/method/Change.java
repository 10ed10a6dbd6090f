package org.deepliftspark.engine.method;

/**
 * Where a point differs from the row.
 *
 * @param input of the model
 * @param first position along the input's first axis
 * @param width positions along that axis
 */
record Change(int input, int first, int width) {}
