package org.deepliftspark.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deepliftspark.job.Hashes;
import org.deepliftspark.job.io.ExternalWeights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompileCommandTest {
  private static final String MODEL = CommandRun.golden("attribution/conv1d_dilated/model.onnx");

  @TempDir Path folder;

  private CommandRun compile(String model, String output, String... more) {
    List<String> args = new ArrayList<>(List.of("compile", "--model", model));
    args.addAll(List.of("--output", folder.resolve(output).toString()));
    args.addAll(List.of(more));
    return CommandRun.of(args);
  }

  @Test
  void writesAFileThatSaysWhatItComputes() throws Exception {
    CommandRun run = compile(MODEL, "d.onnx", "--target", "0", "--hypothetical");

    assertThat(run.message()).isNull();
    assertThat(run.out()).matches("[0-9,]+ bytes written to .*d\\.onnx\\R");
    assertThat(folder.toFile().list()).containsExactly("d.onnx");
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "deeplift-spark");
    try (OrtSession session = environment.createSession(folder.resolve("d.onnx").toString())) {
      assertThat(session.getInputNames()).containsExactlyInAnyOrder("input", "reference");
      assertThat(session.getOutputNames())
          .containsExactly(
              "contributions",
              "hypothetical",
              "prediction",
              "reference_prediction",
              "convergence_delta");
      Map<String, String> metadata = session.getMetadata().getCustomMetadata();
      assertThat(metadata)
          .containsEntry("deeplift.target", "0")
          .containsEntry("deeplift.method", "rescale")
          .containsEntry("deeplift.profile", "default")
          .containsEntry("deeplift.model_sha256", Hashes.sha256(Files.readAllBytes(Path.of(MODEL))))
          .containsKeys("deeplift.version", "deeplift.git_id", "deeplift.model");
    }
  }

  @Test
  void namesTheHashThatRunsOfScoreRecord() throws Exception {
    Path model = Files.write(folder.resolve("m.onnx"), ExternalWeights.model());
    byte[] weights = ExternalWeights.weights();
    Files.write(folder.resolve(ExternalWeights.FILE), weights);

    CommandRun run = compile(model.toString(), "d.onnx", "--target", "0");

    assertThat(run.message()).isNull();
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "deeplift-spark");
    try (OrtSession session = environment.createSession(folder.resolve("d.onnx").toString())) {
      assertThat(session.getMetadata().getCustomMetadata())
          .containsEntry("deeplift.model_sha256", Hashes.sha256(ExternalWeights.model(), weights));
    }
  }

  @Test
  void replacesAFile() throws Exception {
    Files.writeString(folder.resolve("d.onnx"), "old");
    compile(MODEL, "d.onnx", "--target", "0");
    assertThat(folder.resolve("d.onnx")).isNotEmptyFile();
    assertThat(Files.size(folder.resolve("d.onnx"))).isGreaterThan(1000);
  }

  @Test
  void refusesReferencesOfItsOwn() {
    CommandRun run = compile(MODEL, "d.onnx", "--target", "0", "--references", "zeros");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.message())
        .isEqualTo(
            "deeplift: Invalid --references zeros: the file takes references in each call; expected"
                + " INPUT=hold, for inputs that are not explained");
  }

  @Test
  void refusesAFolderForTheFile() {
    CommandRun run = compile(MODEL, "", "--target", "0");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.message())
        .matches("deeplift: Cannot write --output .*: it is a folder, expected a file");
  }

  @Test
  void refusesAFolderThatIsNotThere() {
    CommandRun run = compile(MODEL, "none/d.onnx", "--target", "0");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.message())
        .matches("deeplift: Cannot write --output .*d\\.onnx: no such folder .*none");
  }
}
