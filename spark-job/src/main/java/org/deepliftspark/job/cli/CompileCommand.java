package org.deepliftspark.job.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deepliftspark.engine.CompiledNetwork;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.reference.ReferenceSpec;
import org.deepliftspark.engine.rule.RuleProfile;
import org.deepliftspark.job.BuildInfo;

/**
 * {@code compile}: writes the attribution of a network as an ONNX file. Needs no backend. The file
 * gets its name when it is whole.
 */
final class CompileCommand implements Command {
  private static final String FED = "fed";

  @Override
  public CommandName name() {
    return CommandName.COMPILE;
  }

  @Override
  public void run(OptionValues values, Console console) {
    LocalModel model = LocalModel.open(values);
    Path file = LocalModel.path(Options.OUTPUT, values.get(Options.OUTPUT));
    List<String> references = values.perInput(Options.REFERENCES, model.graph(), input -> FED);
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .method(values.get(Options.METHOD))
            .profile(RuleProfile.of(values.get(Options.PROFILE)))
            .targets(EngineOptions.targets(values, model.graph()))
            .references(references.stream().map(CompileCommand::mode).toList())
            .hypothetical(values.get(Options.HYPOTHETICAL))
            .build();
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("deeplift.model", model.graph().name());
    properties.put("deeplift.model_sha256", model.sha256());
    properties.put("deeplift.version", BuildInfo.version());
    properties.put("deeplift.git_id", BuildInfo.gitId());
    byte[] bytes = CompiledNetwork.onnx(model.graph(), options, properties);
    write(file, bytes);
    console.out().printf(Locale.ROOT, "%,d bytes written to %s%n", bytes.length, file);
  }

  private static ReferenceMode mode(String text) {
    if (text.equals(FED)) {
      return ReferenceMode.given(1);
    } else if (ReferenceSpec.parse(text) instanceof ReferenceSpec.Hold) {
      return ReferenceMode.hold();
    }
    throw new InvalidInputException(
        "Invalid "
            + Options.REFERENCES
            + " "
            + text
            + ": the file takes references in each call; expected INPUT=hold, for inputs that are"
            + " not explained");
  }

  private static void write(Path file, byte[] bytes) {
    if (Files.isDirectory(file)) {
      throw new InvalidInputException(
          "Cannot write " + Options.OUTPUT + " " + file + ": it is a folder, expected a file");
    }
    Path folder = file.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw new InvalidInputException(
          "Cannot write " + Options.OUTPUT + " " + file + ": no such folder " + folder);
    }
    Path parts = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.write(parts, bytes);
      Files.move(parts, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new InvalidInputException(
          "Cannot write " + Options.OUTPUT + " " + file + ": " + e.getMessage(), e);
    }
  }
}
