package org.deepliftspark.engine.rule;

import org.deepliftspark.engine.program.Value;

/**
 * Where a function is evaluated.
 *
 * @param x argument
 * @param y the function there
 */
record Point(Value x, Value y) {}
