package org.deepliftspark.engine.importer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphEvaluator;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.npy.Npy;
import org.deepliftspark.engine.npy.NpyArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The ONNX models of the shared goldens and benchmarks, where that folder is. */
class SharedGoldenOnnxTest {
  private static final int MOST_EXAMPLES = 4;

  /**
   * The folder {@code shared} beside the project, or where a property or the environment says it
   * is.
   */
  private static Path shared() {
    String told = System.getProperty("deeplift.shared", System.getenv("DEEPLIFT_SHARED"));
    Path folder =
        told == null ? Path.of("").toAbsolutePath().resolve("../../shared") : Path.of(told);
    return folder.normalize();
  }

  static List<Path> models() {
    Path shared = shared();
    if (!Files.isDirectory(shared)) {
      return List.of(Path.of("absent"));
    }
    try (Stream<Path> cases =
        Stream.concat(Files.list(shared.resolve("golden")), Files.list(shared.resolve("bench")))) {
      return cases
          .map(folder -> folder.resolve("model.onnx"))
          .filter(Files::exists)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void theModelIsReadAndPredictsWhatItsFrameworkDid(Path model) throws IOException {
    assumeTrue(Files.exists(model), "no shared goldens beside the project");
    Graph graph = new OnnxImporter().read(ModelSource.of("model.onnx", Files.readAllBytes(model)));
    assertThat(graph.inputs()).hasSize(1);

    NpyArray inputs = Npy.read(model.resolveSibling("inputs.npy"));
    int[] oneExample = Arrays.copyOfRange(inputs.shape(), 1, inputs.shape().length);
    assertThat(graph.inputs().get(0).shape().dims()).isEqualTo(oneExample);
    for (String output : graph.outputs().keySet()) {
      Path predictions =
          model.resolveSibling(
              graph.outputs().size() == 1 ? "predictions.npy" : "predictions_" + output + ".npy");
      if (Files.exists(predictions)) {
        requireSame(graph, output, inputs, Npy.read(predictions));
      }
    }
  }

  private static void requireSame(
      Graph graph, String output, NpyArray inputs, NpyArray predictions) {
    double[] x = inputs.doubles();
    double[] expected = predictions.doubles();
    int rows = inputs.shape()[0];
    int inputSize = x.length / rows;
    int outputSize = expected.length / rows;
    for (int row = 0; row < Math.min(rows, MOST_EXAMPLES); row++) {
      double[] found =
          GraphEvaluator.outputs(
                  graph, List.of(Arrays.copyOfRange(x, row * inputSize, (row + 1) * inputSize)))
              .get(output);
      double[] wanted = Arrays.copyOfRange(expected, row * outputSize, (row + 1) * outputSize);
      double largest = Arrays.stream(wanted).map(Math::abs).max().orElse(0);
      assertThat(found).containsExactly(wanted, within(2e-5 * Math.max(1, largest)));
    }
  }

  @Test
  void theGoldensCoverMoreThanOneModel() {
    assumeTrue(Files.isDirectory(shared()), "no shared goldens beside the project");
    assertThat(models()).hasSizeGreaterThan(10);
  }
}
