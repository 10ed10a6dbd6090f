package org.deepliftspark.engine.rule;

import java.util.List;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.Target;
import org.deepliftspark.engine.backend.BackendOptions.Precision;

/**
 * What a graph is lowered for.
 *
 * @param method how it is explained
 * @param profile which numbers where libraries differ
 * @param targets what is explained
 * @param references where references come from, one per input of the graph
 * @param precision in which the program will run
 * @param multipliers whether multipliers are given out
 * @param hypothetical whether hypothetical contributions are given out
 */
public record Lowering(
    Method method,
    RuleProfile profile,
    List<Target> targets,
    List<ReferenceMode> references,
    Precision precision,
    boolean multipliers,
    boolean hypothetical) {

  public Lowering {
    targets = List.copyOf(targets);
    references = List.copyOf(references);
  }
}
