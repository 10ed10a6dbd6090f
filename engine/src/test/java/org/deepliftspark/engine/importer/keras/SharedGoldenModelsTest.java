package org.deepliftspark.engine.importer.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Op;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Imports the published models and goldens that lie beside the project; skipped where they do not.
 */
class SharedGoldenModelsTest {

  @TestFactory
  Stream<DynamicTest> kerasModelsPredictWhatKerasPredicted() throws IOException {
    Path golden = shared().resolve("golden");
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> cases = Files.list(golden)) {
      for (Path folder :
          cases.filter(path -> Files.exists(path.resolve("case.json"))).sorted().toList()) {
        JsonNode json = new ObjectMapper().readTree(folder.resolve("case.json").toFile());
        for (JsonNode model : json.path("models")) {
          String file = model.path("file").asText();
          if (model.path("format").asText().toLowerCase(Locale.ROOT).startsWith("keras")) {
            tests.add(
                DynamicTest.dynamicTest(
                    folder.getFileName() + "/" + file, () -> check(folder, file)));
          }
        }
      }
    }
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  private static void check(Path folder, String file) {
    Graph graph = ModelForward.read(folder.resolve(file), null);
    ModelForward.assertPredicts(
        graph, List.of(folder.resolve("inputs.npy")), List.of(folder.resolve("predictions.npy")));
  }

  @Test
  void jsonWithSeparateWeightsEqualsTheWholeFile() {
    Path folder = shared().resolve("data/upstream/genomics");
    Graph graph =
        ModelForward.read(
            folder.resolve("keras2_conv1d_record_5_model_PQzyq_modelJson.json"),
            folder.resolve("keras2_conv1d_record_5_model_PQzyq_modelWeights.h5"));
    Path golden = shared().resolve("golden/talgata_gc_rescale");
    ModelForward.assertPredicts(
        graph, List.of(golden.resolve("inputs.npy")), List.of(golden.resolve("predictions.npy")));
  }

  @Test
  void convolutionsAndActivationsStayChannelsFirst() {
    Graph graph = ModelForward.read(shared().resolve("golden/models/talgata_keras2.h5"), null);
    long transposes =
        graph.nodes().stream().filter(node -> node.op() instanceof Op.Transpose).count();
    assertThat(transposes).isEqualTo(1); // behind the input; one position is left at Flatten
    assertThat(graph.find("dense_2").shape().size()).isEqualTo(3);
  }

  @Test
  void allLayersWithoutARuleAreNamedAtOnce() {
    Path model = shared().resolve("data/upstream/spi1/Spi1ProfileModel_rc.h5");
    assertThatThrownBy(() -> ModelForward.read(model, null))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageStartingWith("Cannot import Spi1ProfileModel_rc.h5: ")
        .hasMessageContaining(
            "'rev_comp_conv1d_1' (RevCompConv1D), 'lambda_1' (Lambda holds code, which is not run: name"
                + " what it computes by --lambda), 'rev_comp_conv1d_2' (RevCompConv1D), 'lambda_2' (Lambda), ")
        .hasMessageContaining("'lambda_23' (Lambda)")
        .hasMessageContaining("'rev_comp_conv1d_9' (RevCompConv1D)")
        .hasMessageContaining("Supported: Activation, ");
  }

  private static Path shared() {
    assumeTrue(SharedGoldens.folder().isPresent(), "no shared goldens beside the project");
    return SharedGoldens.folder().get();
  }
}
