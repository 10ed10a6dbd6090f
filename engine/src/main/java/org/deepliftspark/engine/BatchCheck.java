package org.deepliftspark.engine;

import java.util.List;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;

/** Checks a caller's arrays at the door. */
final class BatchCheck {
  private BatchCheck() {}

  static void check(Batch batch, Program program, List<Node> inputs) {
    if (batch.rows() < 1) {
      throw new InvalidInputException(
          "Invalid batch: expected at least 1 row, found " + batch.rows());
    }
    for (Instruction.Feed feed : program.feeds()) {
      boolean isInput = feed.role() == Instruction.Role.INPUT;
      List<float[]> arrays = isInput ? batch.inputs() : batch.references();
      String what =
          (isInput ? "input '" : "references of input '") + inputs.get(feed.input()).name() + "'";
      long expected =
          (long) program.sizes().of(feed.out().extent(), batch.rows()) * feed.out().shape().size();
      float[] array = feed.input() < arrays.size() ? arrays.get(feed.input()) : null;
      if (array == null || array.length != expected) {
        throw new InvalidInputException(
            "Invalid "
                + what
                + ": expected "
                + expected
                + " numbers ("
                + batch.rows()
                + " rows of "
                + feed.out().shape()
                + "), found "
                + (array == null ? "none" : array.length));
      }
    }
  }
}
