package org.deepliftspark.engine.backend.cpu;

import java.util.List;
import org.deepliftspark.engine.program.Extent;

/**
 * A kernel among the others, as far as planning needs to know it.
 *
 * @param reads cells that it reads
 * @param writes cells that it writes
 * @param extent over which it runs
 * @param batched whether it computes all lanes at once
 * @param operation what it is where it is element-wise and may be fused with others, else null
 * @param reused cells whose place the first result may take, if nobody reads them afterwards
 * @param kernel what runs; null where {@code operation} is not
 */
record Step(
    List<Cell> reads,
    List<Cell> writes,
    Extent extent,
    boolean batched,
    TileOperation operation,
    List<Cell> reused,
    Kernel kernel) {

  static Step of(List<Cell> reads, Cell write, Kernel kernel) {
    return new Step(reads, List.of(write), write.extent(), false, null, List.of(), kernel);
  }

  /** A step that adds to what {@code base} holds. */
  static Step adding(List<Cell> reads, Cell base, Cell write, Kernel kernel) {
    return new Step(reads, List.of(write), write.extent(), false, null, List.of(base), kernel);
  }

  static Step batched(List<Cell> reads, Cell write, Kernel kernel) {
    return new Step(reads, List.of(write), write.extent(), true, null, List.of(), kernel);
  }

  static Step of(TileOperation operation) {
    List<Cell> reads =
        operation.operands().stream().filter(o -> o.cell() != null).map(TileOperand::cell).toList();
    Cell out = operation.out();
    return new Step(reads, List.of(out), out.extent(), false, operation, List.of(), null);
  }
}
