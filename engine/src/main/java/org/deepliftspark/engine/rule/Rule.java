package org.deepliftspark.engine.rule;

import java.util.List;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.program.ProgramBuilder;

/**
 * Turns multipliers at a node's output into multipliers at its inputs, as instructions of a
 * program.
 *
 * <p>Summed over a node's inputs, multiplier x delta must equal multiplier x delta at its output
 * (summation-to-delta).
 */
public interface Rule {
  /** Name in listings, such as {@code "rescale"}. */
  String name();

  /**
   * Writes the backward step of one node.
   *
   * @param node the node
   * @param at where the node's forward values live, for input and reference
   * @param multipliers at the node's output, shaped as the node
   * @param code takes the instructions
   * @return one entry per input, in the order of {@code node.inputs()}, each shaped as that input;
   *     null for an input that does not depend on what is explained
   */
  List<Multipliers> backward(
      Node node, ForwardValues at, Multipliers multipliers, ProgramBuilder code);

  /**
   * Writes the positive and the negative part of the node's delta, made of those of its inputs.
   * Only asked for below a RevealCancel activation.
   */
  Parts parts(Node node, ForwardValues at, ProgramBuilder code);
}
