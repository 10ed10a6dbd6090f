package org.deepliftspark.engine.backend.cpu;

/**
 * What is done with windows whose cells are planes, see {@link Tiling}: number by number over
 * planes.
 */
enum PoolCode {
  /** The largest number of every window. */
  MAXIMUM,
  /** 1 at the first largest number of every window, otherwise 0. */
  WINNERS,
  /** The number that a second operand has at the winners, which come first. */
  PICK,
  /** A number per window, which comes second, at the winners; otherwise 0. */
  SPREAD
}
