package org.deepliftspark.engine.backend.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The copies of its native libraries that ONNX Runtime puts into a folder {@code
 * onnxruntime-javaNNN} of its own in {@code java.io.tmpdir}. It removes them when the JVM ends in
 * good order; a process that is killed would leave some 20 MB behind each time. Linux keeps what is
 * loaded when its file is gone, so they are removed as soon as they are loaded.
 */
final class ExtractedLibraries {
  private static final Path MAPS = Path.of("/proc/self/maps");
  private static final String FOLDER = "onnxruntime-java";

  private ExtractedLibraries() {}

  /** What cannot be removed now is left to the end of the JVM. */
  static void remove() {
    try {
      Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toRealPath();
      for (Path library : mapped(Files.readAllLines(MAPS))) {
        Path folder = library.getParent();
        if (temporary.equals(folder.getParent())
            && folder.getFileName().toString().startsWith(FOLDER)) {
          Files.deleteIfExists(library);
        }
      }
    } catch (IOException notLinux) {
      // as before
    }
  }

  /** Files of libraries, each once: a line ends in the path of what it maps. */
  static List<Path> mapped(List<String> lines) {
    return lines.stream()
        .filter(line -> line.endsWith(".so"))
        .map(line -> line.substring(line.indexOf('/')))
        .distinct()
        .map(Path::of)
        .toList();
  }
}
