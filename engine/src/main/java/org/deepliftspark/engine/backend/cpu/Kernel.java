package org.deepliftspark.engine.backend.cpu;

/**
 * Computes one value, or several, for the element that a frame stands at. Safe for many threads.
 */
interface Kernel {
  void run(Frame frame);
}
