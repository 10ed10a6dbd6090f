package org.deepliftspark.engine.importer.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.Models;
import org.junit.jupiter.api.Test;

/** Code in a file is never run; users name what it computes. */
class LambdaLayersTest {
  private static final Path MODEL = KerasFixturesTest.FOLDER.resolve("lambdas/model.keras");

  /** What computes as the model does; see its case.json. */
  private static Map<String, String> named() {
    Map<String, String> named = new HashMap<>();
    named.put("reverse", "reverse(1,2)");
    named.put("reverse_back", "reverse(1)");
    named.put("total", "logsumexp");
    named.put("mean", "mean(1)");
    named.put("crop", "slice(1,2,-3)");
    named.put("difference", "subtract");
    return named;
  }

  @Test
  void lambdasThatAreNotNamedAreRefusedTogether() {
    Map<String, String> two = Map.of("reverse", "reverse(1,2)", "mean", "mean(1)");

    assertThatThrownBy(() -> ModelForward.read(MODEL, null, two))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("4 layers have no DeepLIFT rule")
        .hasMessageContaining(
            "(Lambda holds code, which is not run: name what it computes by --lambda), ")
        .hasMessageContaining("'total' (Lambda");
  }

  @Test
  void aNameThatNoLambdaHasIsAnError() {
    Map<String, String> wrong = named();
    wrong.put("dense", "relu");

    assertThatThrownBy(() -> ModelForward.read(MODEL, null, wrong))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(
            "Invalid --lambda dense=relu: model.keras has no Lambda layer of that name, but [");
  }

  @Test
  void aFunctionThatIsNotListedIsAnErrorWithTheList() {
    for (String function :
        new String[] {"eval", "slice(1)", "sum(a)", "reverse(99999999999)", "relu(1)", ""}) {
      Map<String, String> wrong = named();
      wrong.put("mean", function);

      assertThatThrownBy(() -> ModelForward.read(MODEL, null, wrong))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith(
              "Invalid --lambda mean=" + function + ": expected one of identity, add, ");
    }
  }

  @Test
  void axesThatDoNotFitNameTheLayer() {
    Map<String, String> wrong = named();
    wrong.put("mean", "mean(4)");

    assertThatThrownBy(() -> ModelForward.read(MODEL, null, wrong))
        .hasMessage(
            "Invalid axis of layer 'mean' in model.keras: 4 does not fit an input of 2 axes without the batch");
  }

  @Test
  void aFileCannotNameItsOwnFunction() {
    String json =
        "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"m\", \"layers\": [{\"class_name\": \"Lambda\","
            + " \"config\": {\"name\": \"l\", \"batch_input_shape\": [null, 3], \""
            + LambdaLayers.SETTING
            + "\": \"identity\"}}]}}";
    ModelSource source =
        new ModelSource("m.json", json.getBytes(), new byte[] {1}, null, Map.of(), Map.of());

    assertThatThrownBy(() -> Models.read(source)).hasMessageContaining("m.json");
  }

  @Test
  void onnxModelsHaveNoLambdas() {
    byte[] onnx = {8, 8, 58, 0};
    ModelSource source =
        new ModelSource("m.onnx", onnx, null, null, Map.of(), Map.of("a", "identity"));

    assertThatThrownBy(() -> Models.read(source))
        .hasMessage("Invalid --lambda: m.onnx is no Keras model and has no Lambda layers");
  }

  @Test
  void whatIsNamedIsRead() {
    assertThat(ModelForward.read(MODEL, null, named()).outputs())
        .containsOnlyKeys("total", "mean", "crop", "difference");
  }
}
