package org.deepliftspark.engine.backend.onnx;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Instruction;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.program.Value;

/**
 * The part of a program that one session computes. Where a row's references take several calls,
 * what depends on the row alone is a part of its own, so that it is computed once per row.
 *
 * @param instructions ids of its instructions
 * @param received values of the part before it that it reads
 * @param handedOver values that the part behind it reads
 * @param outputs what it computes of the program's outputs
 */
record SessionPart(
    BitSet instructions,
    List<Value> received,
    List<Value> handedOver,
    List<Program.Output> outputs) {

  static SessionPart whole(Program program) {
    BitSet all = new BitSet();
    all.set(0, program.instructions().size());
    return new SessionPart(all, List.of(), List.of(), program.outputs());
  }

  /** Rows first, then pairs of a row and a reference; one part where rows share nothing. */
  static List<SessionPart> byRowAndPair(Program program) {
    List<Program.Output> ofRows = new ArrayList<>();
    List<Program.Output> ofPairs = new ArrayList<>();
    for (Program.Output output : program.outputs()) {
      (ofPair(output.value()) ? ofPairs : ofRows).add(output);
    }
    BitSet pairs = new BitSet();
    ofPairs.forEach(output -> pairs.set(output.value().id()));
    List<Value> between = addOperands(program, pairs);
    if (between.isEmpty()) {
      return List.of(whole(program));
    }
    BitSet rows = new BitSet();
    ofRows.forEach(output -> rows.set(output.value().id()));
    between.forEach(value -> rows.set(value.id()));
    addOperands(program, rows);
    return List.of(
        new SessionPart(rows, List.of(), between, ofRows),
        new SessionPart(pairs, between, List.of(), ofPairs));
  }

  /**
   * Adds what the instructions of a part read, and what that reads. A part of pairs stops at values
   * of the row.
   *
   * @return where it stopped, in order
   */
  private static List<Value> addOperands(Program program, BitSet part) {
    BitSet stops = new BitSet();
    for (int id = part.length() - 1; id >= 0; id = part.previousSetBit(id - 1)) {
      Instruction instruction = program.instructions().get(id);
      for (Value operand : instruction.operands()) {
        boolean stop = ofRow(operand) && ofPair(instruction.out());
        (stop ? stops : part).set(operand.id());
      }
    }
    return stops.stream().mapToObj(id -> program.instructions().get(id).out()).toList();
  }

  private static boolean ofPair(Value value) {
    return value.extent().has(Axis.REFERENCE);
  }

  private static boolean ofRow(Value value) {
    return value.extent().has(Axis.ROW) && !ofPair(value);
  }

  boolean has(Value value) {
    return instructions.get(value.id());
  }

  /** The feeds that it reads, in order. */
  List<Instruction.Feed> feeds(Program program) {
    return program.feeds().stream().filter(feed -> has(feed.out())).toList();
  }
}
