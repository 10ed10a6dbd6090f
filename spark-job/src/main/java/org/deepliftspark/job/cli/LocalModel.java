package org.deepliftspark.job.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.Models;
import org.deepliftspark.job.AlikeModels;
import org.deepliftspark.job.Hashes;

/**
 * The model of a command that runs without Spark and Hadoop, from the local disk.
 *
 * @param sha256 see {@link Hashes#ofModel}
 */
record LocalModel(Graph graph, String sha256) {

  /** As {@link #open}, without the digest. */
  static Graph read(OptionValues values) {
    return Models.read(source(values));
  }

  /**
   * @throws InvalidInputException if a file cannot be read
   * @throws org.deepliftspark.engine.ModelFormatException if it is not a model
   * @throws org.deepliftspark.engine.UnsupportedModelException if it holds what has no rule
   */
  static LocalModel open(OptionValues values) {
    ModelSource source = source(values);
    return new LocalModel(Models.read(source), Hashes.ofModel(source));
  }

  /**
   * The models of a command that averages over several.
   *
   * @throws InvalidInputException if they do not take equal inputs
   */
  static List<Graph> readAll(OptionValues values) {
    List<String> files = values.all(Options.MODEL);
    List<String> weights = ScoreOptions.weights(values);
    List<Graph> graphs = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      String ofModel = weights.isEmpty() ? null : weights.get(i);
      graphs.add(Models.read(source(values, files.get(i), ofModel)));
      AlikeModels.require(graphs.get(0), graphs.get(i));
    }
    return graphs;
  }

  private static ModelSource source(OptionValues values) {
    if (values.all(Options.MODEL).size() > 1) {
      throw new InvalidInputException(
          "Invalid "
              + Options.MODEL
              + ": "
              + values.command().word()
              + " takes one model; score and attribute average over several");
    }
    return source(values, values.get(Options.MODEL), values.get(Options.WEIGHTS));
  }

  private static ModelSource source(OptionValues values, String model, String weights) {
    Path file = path(Options.MODEL, model);
    byte[] weightBytes =
        weights == null ? null : bytes(Options.WEIGHTS, path(Options.WEIGHTS, weights));
    return new ModelSource(
        file.getFileName().toString(),
        bytes(Options.MODEL, file),
        weightBytes,
        file.toAbsolutePath().getParent(),
        EngineOptions.layouts(values),
        EngineOptions.lambdas(values));
  }

  /**
   * The path that an option gives.
   *
   * @throws InvalidInputException if it cannot be one, or names no file or folder at all
   */
  static Path path(Option<?> option, String text) {
    try {
      Path path = Path.of(text);
      if (path.getFileName() != null) {
        return path;
      }
      throw new InvalidInputException("Invalid " + option + " " + text + ": expected a file");
    } catch (InvalidPathException e) {
      throw new InvalidInputException("Invalid " + option + " '" + text + "': " + e.getReason(), e);
    }
  }

  private static byte[] bytes(Option<?> option, Path file) {
    String problem = "Cannot read " + option + " " + file + ": ";
    if (Files.isDirectory(file)) {
      throw new InvalidInputException(problem + "it is a directory, expected a file");
    }
    try {
      if (Files.size(file) > Integer.MAX_VALUE - 8) {
        throw new InvalidInputException(problem + "larger than 2 GiB");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new InvalidInputException(problem + "no such file", e);
    } catch (IOException e) {
      throw new InvalidInputException(problem + e.getMessage(), e);
    }
  }
}
