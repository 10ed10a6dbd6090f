package org.deepliftspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.Models;
import org.deepliftspark.engine.npy.Npy;
import org.junit.jupiter.api.Test;

/** Runs what README shows of the engine's use from Java. */
class EngineExampleTest {
  private static final Path CASE =
      Path.of("src/test/resources/golden/attribution/conv2d_h5_softmax");

  private static Attribution explain(Path model, int rows, float[] images) throws IOException {
    Graph graph = Models.read(ModelSource.of("model.h5", Files.readAllBytes(model)));
    Tensor black = Tensor.filled(0f, Shape.of(1, 10, 9, 3)); // one reference for all rows
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .targets(List.of("2-0"))
            .references(List.of(ReferenceMode.shared(black)))
            .build();
    try (DeepLift engine = DeepLift.open(graph, options); // the weights, for any number of threads
        DeepLift.Session session = engine.newSession()) { // the scratch memory of one thread
      return session.attribute(new Batch(rows, List.of(images), List.of()));
    }
  }

  @Test
  void contributionsSumToTheDifferenceOfThePredictions() throws IOException {
    float[] images = Npy.read(CASE.resolve("inputs.npy")).numbers().floats();
    Attribution attribution = explain(CASE.resolve("model.h5"), 3, images);
    int size = 10 * 9 * 3;
    for (int row = 0; row < 3; row++) {
      double sum = 0;
      for (int i = 0; i < size; i++) {
        sum += attribution.contributions(0).get(row * size + i);
      }
      double difference =
          attribution.predictions().get(row) - attribution.referencePredictions().get(row);
      assertThat(sum).isCloseTo(difference, within(1e-5)).isNotZero();
    }
  }
}
