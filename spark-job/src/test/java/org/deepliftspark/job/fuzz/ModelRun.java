package org.deepliftspark.job.fuzz;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.ModelSource.InputLayout;
import org.deepliftspark.engine.importer.Models;

/**
 * Reads a model, and explains one row of it with one reference if that is little work: a file that
 * a parser takes may still ask a backend for what it cannot do.
 */
final class ModelRun {
  private static final double MOST_FLOPS = 2e7;
  private static final double MOST_BYTES = 64e6;
  private static final int MOST_TARGETS = 6;

  private final String name;
  private final byte[] weights;
  private final String backend;
  private int explained;

  /**
   * @param name of the file
   * @param weights of a model that has its architecture alone, or null
   */
  ModelRun(String name, byte[] weights, String backend) {
    this.name = name;
    this.weights = weights;
    this.backend = backend;
  }

  void read(byte[] file, Path folder) {
    Graph graph = graph(file, folder);
    List<ReferenceMode> references = new ArrayList<>();
    graph.inputs().forEach(input -> references.add(ReferenceMode.given(1)));
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .backend(backend)
            .targets(targets(graph))
            .references(references)
            .build();
    var cost = DeepLift.cost(graph, options);
    if (cost.flopsPerRow() + cost.sharedFlops() > MOST_FLOPS || cost.bytesPerRow() > MOST_BYTES) {
      return;
    }
    explain(graph, options);
    explained++;
  }

  /** The first unit of some outputs, by the outputs' names where there are several. */
  private static List<String> targets(Graph graph) {
    if (graph.outputs().size() == 1) {
      return List.of("0");
    }
    return graph.outputs().keySet().stream()
        .limit(MOST_TARGETS)
        .map(name -> "'" + name + "':0")
        .toList();
  }

  /** Where a file does not tell how an input is laid out, as a user would who is asked for it. */
  private Graph graph(byte[] file, Path folder) {
    try {
      return Models.read(new ModelSource(name, file, weights, folder, Map.of()));
    } catch (InvalidInputException e) {
      if (!e.getMessage().contains("--model-layout")) {
        throw e;
      }
      Map<String, InputLayout> layouts = Map.of("", InputLayout.CHANNELS_FIRST);
      return Models.read(new ModelSource(name, file, weights, folder, layouts));
    }
  }

  private static void explain(Graph graph, DeepLiftOptions options) {
    List<float[]> inputs = new ArrayList<>();
    List<float[]> zeros = new ArrayList<>();
    for (Node input : graph.inputs()) {
      float[] row = new float[input.shape().size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = i % 3 == 0 ? 1 : 0;
      }
      inputs.add(row);
      zeros.add(new float[row.length]);
    }
    try (DeepLift engine = DeepLift.open(graph, options);
        DeepLift.Session session = engine.newSession()) {
      Attribution attribution = session.attribute(new Batch(1, inputs, zeros));
      if (attribution.predictions().length() != options.targets().size()) {
        throw new IllegalStateException("one row gave other than one prediction per target");
      }
    }
  }

  /** How many files came to scores. */
  int explained() {
    return explained;
  }
}
