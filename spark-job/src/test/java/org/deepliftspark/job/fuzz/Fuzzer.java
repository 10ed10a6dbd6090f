package org.deepliftspark.job.fuzz;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.deepliftspark.engine.DeepLiftException;
import org.deepliftspark.job.fuzz.FuzzedParser.Seed;

/**
 * Gives mutants to a parser and says which of them it did not stand. A mutant follows from the
 * parser's name, a seed and a number alone, so that each can be made again.
 */
final class Fuzzer {
  private static final int MOST_MESSAGE = 8100;
  private static final int MOST_FAILURES = 40;
  private static final int SHOWN_LINES = 14;

  private final FuzzedParser parser;
  private final Path sandbox;
  private final Path failures;
  private final long limitNanos;
  private final Map<String, String> found = new LinkedHashMap<>();
  private final List<String> refusals = new ArrayList<>();
  private int read;
  private int refused;
  private long mostNanos;
  private long mostBytes;

  /**
   * @param sandbox an empty folder
   * @param failures folder for the files that a parser did not stand
   */
  Fuzzer(FuzzedParser parser, Path sandbox, Path failures) {
    this(parser, sandbox, failures, TimeUnit.SECONDS.toNanos(5));
  }

  /**
   * @param limitNanos that a file may take of a processor
   */
  Fuzzer(FuzzedParser parser, Path sandbox, Path failures, long limitNanos) {
    this.parser = parser;
    this.sandbox = sandbox;
    this.failures = failures;
    this.limitNanos = limitNanos;
  }

  /**
   * What became of the mutants of a parser.
   *
   * @param refusals some of the messages
   * @param failures by what failed: the first mutant that shows it
   */
  record Outcome(
      String parser,
      int read,
      int refused,
      long mostMillis,
      long mostMegabytes,
      List<String> refusals,
      List<String> failures) {}

  /** Tries mutants {@code 0} to {@code count}. */
  Outcome run(long seed, int count) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(sandbox.resolve("outer").resolve("inner"));
    Map<String, Long> before = listing();
    try (Watchdog watchdog = new Watchdog(limitNanos)) {
      for (int i = 0; i < count && found.size() < MOST_FAILURES; i++) {
        SplittableRandom random =
            new SplittableRandom(seed * 1_000_003L + parser.name().hashCode() * 31L + i);
        Seed from = Mutator.pick(parser.seeds(), random);
        byte[] mutant = parser.mutator().mutate(from.bytes(), random);
        check(watchdog, mutant, folder, from.name() + ", mutant " + i + " of seed " + seed);
      }
    }
    return outcome(before);
  }

  /** Tries files as they are. */
  Outcome run(List<Seed> files) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(sandbox.resolve("outer").resolve("inner"));
    Map<String, Long> before = listing();
    try (Watchdog watchdog = new Watchdog(limitNanos)) {
      for (Seed file : files) {
        check(watchdog, file.bytes(), folder, file.name());
      }
    }
    return outcome(before);
  }

  private Outcome outcome(Map<String, Long> before) throws IOException {
    if (!listing().equals(before)) {
      found.put("files", "files were written: " + listing() + ", there were " + before);
    }
    return new Outcome(
        parser.name(),
        read,
        refused,
        mostNanos / 1_000_000,
        mostBytes >> 20,
        refusals,
        List.copyOf(found.values()));
  }

  private void check(Watchdog watchdog, byte[] file, Path folder, String origin)
      throws IOException, InterruptedException {
    Watchdog.Result result =
        watchdog.run(
            () -> {
              parser.reader().read(file, folder);
              return null;
            });
    mostNanos = Math.max(mostNanos, result.nanos());
    mostBytes = Math.max(mostBytes, result.bytes());
    String problem = problem(result, file.length);
    if (problem != null) {
      fail(problem, file, origin);
    } else if (result.failure() == null) {
      read++;
    } else {
      refused++;
      if (refusals.size() < MOST_FAILURES) {
        refusals.add(origin + ": " + result.failure().getMessage());
      }
    }
  }

  /** What is wrong with how a file was met; null if nothing is. */
  private String problem(Watchdog.Result result, int fileBytes) {
    Throwable failure = result.failure();
    if (result.stuckAt() != null) {
      return "takes too long\n" + result.stuckAt();
    } else if (failure != null && !(failure instanceof DeepLiftException)) {
      return "fails with " + head(failure);
    } else if (result.bytes() > parser.mostBytes(fileBytes)) {
      return "allocates %d MB for a file of %d bytes, at most %d MB are expected%s"
          .formatted(
              result.bytes() >> 20,
              fileBytes,
              parser.mostBytes(fileBytes) >> 20,
              failure == null ? "" : "\n" + head(failure));
    }
    String message = failure == null ? "fine" : failure.getMessage();
    if (message == null || message.isBlank() || message.length() > MOST_MESSAGE) {
      return "has no message, or too long a one\n" + head(failure);
    } else if (message.chars().anyMatch(Character::isISOControl)) {
      return "has a message of several lines or with control characters\n" + head(failure);
    }
    return null;
  }

  private static String head(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString()
        .lines()
        .limit(SHOWN_LINES)
        .map(line -> line.length() > 400 ? line.substring(0, 400) + "..." : line)
        .reduce((a, b) -> a + "\n" + b)
        .orElse("");
  }

  private void fail(String problem, byte[] file, String origin) throws IOException {
    // the same place in the code is the same finding
    String key =
        problem
            .replaceAll("\\d+", "#")
            .lines()
            .filter(
                line ->
                    line.contains("at ")
                        || line.startsWith("fails")
                        || line.startsWith("has")
                        || line.startsWith("allocates"))
            .limit(3)
            .map(line -> line.length() > 90 ? line.substring(0, 90) : line)
            .reduce("", (a, b) -> a + b);
    if (found.containsKey(key)) {
      return;
    }
    Files.createDirectories(failures);
    Path saved = failures.resolve(parser.name() + "-" + found.size() + ".bin");
    Files.write(saved, file);
    found.put(
        key, "%s of %s (%s): %s".formatted(parser.name(), origin, saved.getFileName(), problem));
  }

  /** Sizes of the sandbox's files, and whatever escaped into folders that paths climb to. */
  private Map<String, Long> listing() throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(sandbox)) {
      for (Path file : all.toList()) {
        files.put(file.toString(), Files.isDirectory(file) ? -1 : Files.size(file));
      }
    }
    List<Path> above = new ArrayList<>();
    for (Path at = sandbox.toAbsolutePath().getParent(); at != null; at = at.getParent()) {
      above.add(at);
    }
    above.addAll(
        List.of(Path.of("").toAbsolutePath(), Path.of(System.getProperty("java.io.tmpdir"))));
    for (Path folder : above) {
      String[] names = folder.toFile().list();
      Arrays.stream(names == null ? new String[0] : names)
          .filter(name -> name.contains(Hostile.ESCAPE))
          .forEach(name -> files.put(folder.resolve(name).toString(), 0L));
    }
    return files;
  }

  /** The bytes of a file of the tests. */
  static Seed seed(Path path) {
    try {
      return new Seed(path.getFileName().toString(), Files.readAllBytes(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
