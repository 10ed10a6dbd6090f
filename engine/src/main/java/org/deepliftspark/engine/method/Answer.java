package org.deepliftspark.engine.method;

/** What the network says at a point. Valid during the call that hands it over. */
interface Answer {
  double prediction(int target);

  double modelOutput(int target);

  /** Derivative of a target by a number of an input; of methods that ask for gradients. */
  double gradient(int input, int target, int cell);
}
