package org.deepliftspark.engine.change;

import org.deepliftspark.engine.graph.Shape;

/**
 * What a stage is given of a node: the part of its value that a window reads, or all of it.
 *
 * @param source id of the node
 * @param axis of the source along which the part is cut; {@link #WHOLE} for all of it
 * @param slide from the source's positions to those of the stage's window
 * @param shape of what is given
 */
record Feed(int source, int axis, Slide slide, Shape shape) {
  static final int WHOLE = -1;
}
