package org.deepliftspark.engine.change;

/** Changes of a row, each of a few neighbouring positions of one input. For one thread. */
public interface Changes {

  /** How many there are. */
  int count();

  /** The first position that a change touches. */
  int first(int change);

  /** How many positions it touches. */
  int width(int change);

  /** Writes the input's numbers after a change, all of them. */
  void write(int change, float[] into);

  /**
   * Takes what the network says then; called in order.
   *
   * @param predictions of each target; valid during the call
   */
  void read(int change, double[] predictions);
}
