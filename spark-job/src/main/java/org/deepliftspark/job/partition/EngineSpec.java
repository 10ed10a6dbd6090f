package org.deepliftspark.job.partition;

import java.io.Serializable;
import java.util.List;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.rule.RuleProfile;

/**
 * What an executor needs, besides the graph, to open the engine of a job.
 *
 * @param modelHash of the model's file
 * @param targets target strings
 * @param references of the only input
 */
public record EngineSpec(
    String modelHash,
    String method,
    RuleProfile profile,
    List<String> targets,
    boolean hypothetical,
    String backend,
    Precision precision,
    long memoryBytes,
    References references)
    implements Serializable {

  /** Equal for jobs whose engines are interchangeable. */
  public String key() {
    return String.join(
        "|",
        modelHash,
        method,
        profile.key(),
        targets.toString(),
        Boolean.toString(hypothetical),
        backend,
        precision.name(),
        Long.toString(memoryBytes),
        references.text());
  }

  public DeepLiftOptions options(Graph graph) {
    Shape shape = graph.inputs().get(0).shape();
    return DeepLiftOptions.builder()
        .method(method)
        .profile(profile)
        .targets(targets)
        .references(List.of(references.mode(shape)))
        .hypothetical(hypothetical)
        .backend(backend)
        .precision(precision)
        .memoryBytes(memoryBytes)
        .build();
  }

  public DeepLift open(Graph graph) {
    return DeepLift.open(graph, options(graph));
  }
}
