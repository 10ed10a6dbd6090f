package org.deepliftspark.job.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.npy.Npy;
import org.deepliftspark.engine.npy.NpyArray;

/** A command line that was carried out in this JVM. */
record CommandRun(int status, String message, String out, String err) {
  private static final Path GOLDEN = Path.of("../engine/src/test/resources/golden");

  static CommandRun of(List<String> args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    Main.Outcome outcome = new Main(Commands.all(), console).run(args);
    return new CommandRun(
        outcome.status().code(),
        outcome.message(),
        out.toString(StandardCharsets.UTF_8),
        err.toString(StandardCharsets.UTF_8));
  }

  static CommandRun of(String... args) {
    return of(Arrays.asList(args));
  }

  /** A file of the engine's golden cases. */
  static String golden(String path) {
    return GOLDEN.resolve(path).toString();
  }

  static NpyArray array(Path folder, String name) {
    return Npy.read(folder.resolve(name + ".npy"));
  }

  /** The first half of a file. */
  static String truncated(String file, Path to) throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of(file));
    return Files.write(to, Arrays.copyOf(bytes, bytes.length / 2)).toString();
  }
}
