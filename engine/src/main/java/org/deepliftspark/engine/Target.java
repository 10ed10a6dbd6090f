package org.deepliftspark.engine;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
import org.deepliftspark.engine.graph.Graph;

/**
 * One number of the network's output that is explained.
 *
 * @param name as the user wrote it; stands in the output rows
 * @param kind how the number is made
 * @param terms what it is made of; one for the profile kinds
 */
public record Target(String name, Kind kind, List<Term> terms) implements Serializable {

  public Target {
    terms = List.copyOf(terms);
  }

  /** Which nodes it is made of, in words: {@code node 'logits', before 'probabilities'}. */
  public String nodes(Graph graph) {
    return terms.stream()
        .map(
            term ->
                "node '"
                    + graph.node(term.node()).name()
                    + "'"
                    + (term.activated() == term.node()
                        ? ""
                        : ", before '" + graph.node(term.activated()).name() + "'"))
        .distinct()
        .collect(Collectors.joining(" and "));
  }

  /** How a target's number is made of the values of its nodes. */
  public enum Kind {
    /** A weighted sum. */
    LINEAR,
    /** Sum of mean-centred logits weighted by the softmax at the input, which is held constant. */
    PROFILE_WEIGHTED,
    /**
     * Sum of mean-centred logits, each times its softmax, as one element-wise function
     * (bpnet-lite's convention).
     */
    PROFILE_SCALED
  }

  /**
   * @param node the node that is explained, before a final sigmoid or softmax
   * @param activated the node after it; the same where there is none
   * @param weights per element of the node, in storage order; null for the profile kinds
   */
  public record Term(int node, int activated, float[] weights) implements Serializable {}
}
