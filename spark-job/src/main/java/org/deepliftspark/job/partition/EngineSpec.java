package org.deepliftspark.job.partition;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.reference.RowSeed;
import org.deepliftspark.engine.rule.RuleProfile;

/**
 * What an executor needs, besides the graph, to open the engine of a job.
 *
 * @param modelHash of the model's file
 * @param targets target strings
 * @param gpu how GPUs are used, if the backend computes on them
 * @param inputs of the model, in its order
 * @param bothStrands whether rows are scored as their reverse complement too
 * @param seed of the job, for methods that draw random numbers
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
    GpuUse gpu,
    List<ModelInput> inputs,
    boolean bothStrands,
    long seed)
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
        gpu.toString(),
        references(),
        Boolean.toString(bothStrands));
  }

  /** The same on another backend. */
  public EngineSpec with(String otherBackend, GpuUse otherGpu) {
    return new EngineSpec(
        modelHash,
        method,
        profile,
        targets,
        hypothetical,
        otherBackend,
        precision,
        memoryBytes,
        otherGpu,
        inputs,
        bothStrands,
        seed);
  }

  /** What the method draws for each row, if it draws anything, depends on these. */
  long[] seeds(String[] ids) {
    return Arrays.stream(ids).mapToLong(id -> RowSeed.of(~seed, id)).toArray();
  }

  /** The references of all inputs, in words: with several inputs as {@code INPUT=SPEC}. */
  public String references() {
    if (inputs.size() == 1) {
      return inputs.get(0).references().text();
    }
    return inputs.stream()
        .map(input -> input.name() + "=" + input.references().text())
        .collect(Collectors.joining(" "));
  }

  public DeepLiftOptions options() {
    return DeepLiftOptions.builder()
        .method(method)
        .profile(profile)
        .targets(targets)
        .references(
            inputs.stream()
                .map(input -> input.references().mode(input.shape(), bothStrands && input.dna()))
                .toList())
        .hypothetical(hypothetical)
        .backend(backend)
        .precision(precision)
        .memoryBytes(memoryBytes)
        .gpu(gpu.options())
        .build();
  }

  public DeepLift open(Graph graph) {
    return DeepLift.open(graph, options());
  }
}
