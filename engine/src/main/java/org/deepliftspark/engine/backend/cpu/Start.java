package org.deepliftspark.engine.backend.cpu;

/** What a cell holds before products are added to it. */
interface Start {
  void write(Frame frame, Cell out);
}
