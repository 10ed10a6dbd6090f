package org.deepliftspark.engine.importer.keras;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the folder of goldens that is shared beside the project, or named by the system property
 * {@code deeplift.shared} or the environment variable DEEPLIFT_SHARED.
 */
final class SharedGoldens {
  private SharedGoldens() {}

  static Optional<Path> folder() {
    Path root = Path.of("").toAbsolutePath();
    return Stream.of(
            Optional.ofNullable(System.getProperty("deeplift.shared")).map(Path::of),
            Optional.ofNullable(System.getenv("DEEPLIFT_SHARED")).map(Path::of),
            Optional.of(root.resolveSibling("shared")),
            Optional.ofNullable(root.getParent()).map(parent -> parent.resolveSibling("shared")))
        .flatMap(Optional::stream)
        .filter(path -> Files.isDirectory(path.resolve("golden")))
        .findFirst();
  }
}
