package org.deepliftspark.engine;

import java.util.List;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;

/** Checks a caller's arrays at the door. */
final class BatchCheck {
  private BatchCheck() {}

  /** Whether a batch has what a program reads. */
  static void check(Batch batch, Program program, List<Node> inputs) {
    checkRows(batch);
    for (Instruction.Feed feed : program.feeds()) {
      boolean isInput = feed.role() == Instruction.Role.INPUT;
      List<float[]> arrays = isInput ? batch.inputs() : batch.references();
      String what =
          (isInput ? "input '" : "references of input '") + inputs.get(feed.input()).name() + "'";
      int elements = program.sizes().of(feed.out().extent(), batch.rows());
      check(what, arrays, feed.input(), elements, feed.out().shape(), batch.rows());
    }
  }

  /** Whether a batch has every input and the references that it is to bring. */
  static void check(Batch batch, List<Node> inputs, List<ReferenceMode> modes) {
    checkRows(batch);
    for (int input = 0; input < inputs.size(); input++) {
      Node node = inputs.get(input);
      String name = "input '" + node.name() + "'";
      check(name, batch.inputs(), input, batch.rows(), node.shape(), batch.rows());
      if (modes.get(input) instanceof ReferenceMode.Given given) {
        check(
            "references of " + name,
            batch.references(),
            input,
            (long) batch.rows() * given.count(),
            node.shape(),
            batch.rows());
      }
    }
  }

  private static void checkRows(Batch batch) {
    if (batch.rows() < 1) {
      throw new InvalidInputException(
          "Invalid batch: expected at least 1 row, found " + batch.rows());
    }
  }

  private static void check(
      String what, List<float[]> arrays, int input, long elements, Shape shape, int rows) {
    long expected = elements * shape.size();
    float[] array = input < arrays.size() ? arrays.get(input) : null;
    if (array == null || array.length != expected) {
      throw new InvalidInputException(
          "Invalid "
              + what
              + ": expected "
              + expected
              + " numbers ("
              + rows
              + " rows of "
              + shape
              + "), found "
              + (array == null ? "none" : array.length));
    }
    requireFinite(what, array, array.length / rows);
  }

  /** Rules take differences and quotients, and maxima drop what is no number: all are refused. */
  private static void requireFinite(String what, float[] array, int perRow) {
    for (int i = 0; i < array.length; i++) {
      if (!Float.isFinite(array[i])) {
        throw new InvalidInputException(
            "Invalid "
                + what
                + ": row "
                + i / perRow
                + " holds "
                + array[i]
                + ", expected finite numbers");
      }
    }
  }
}
