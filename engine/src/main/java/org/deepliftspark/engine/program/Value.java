package org.deepliftspark.engine.program;

import org.deepliftspark.engine.graph.Shape;

/**
 * A result of an instruction: logically an array {@code [axes of the extent..., shape...]}.
 *
 * @param id position of its instruction in {@link Program#instructions()}
 * @param extent over which axes it varies
 * @param shape of one element of the extent
 * @param label where it comes from, for listings
 */
public record Value(int id, Extent extent, Shape shape, String label) {
  @Override
  public String toString() {
    return "%" + id;
  }
}
