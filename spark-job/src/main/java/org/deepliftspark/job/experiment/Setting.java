package org.deepliftspark.job.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.Models;

/**
 * Where experiments find what they need.
 *
 * @param shared the folder with the papers' own networks and data, if there is one
 * @param own the project's small networks and data
 * @param backend {@code auto} or a backend's name
 */
record Setting(Optional<Path> shared, Path own, String backend) {

  /** The papers' data where they are, otherwise empty. */
  Optional<Path> upstream(String path) {
    return shared
        .map(folder -> folder.resolve("data/upstream").resolve(path))
        .filter(Files::exists);
  }

  /**
   * @param weights of a model whose file holds the architecture alone, or null
   * @throws InvalidInputException if it cannot be read
   */
  static Graph model(Path file, Path weights) {
    return Models.read(
        new ModelSource(
            file.getFileName().toString(),
            bytes(file),
            weights == null ? null : bytes(weights),
            file.toAbsolutePath().getParent(),
            Map.of()));
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
