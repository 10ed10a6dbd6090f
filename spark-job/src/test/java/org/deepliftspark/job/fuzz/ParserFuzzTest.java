package org.deepliftspark.job.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.deepliftspark.job.fuzz.FuzzedParser.Seed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mutants of files through every parser. {@code fuzz.mutants} says how many in all, {@code
 * fuzz.seed} which; the profile {@code nightly} asks for more. A file that a parser did not stand
 * is left in {@code fuzz} of the build folder, to be mended, made small and put among the fixtures.
 */
@Tag("fuzz")
class ParserFuzzTest {
  private static final Path BUILD = Path.of(System.getProperty("fuzz.folder", "target/fuzz"));
  private static final Path FIXTURES = Path.of("src/test/resources/fuzz");
  private static final int MUTANTS = Integer.getInteger("fuzz.mutants", 2000);
  private static final int MOST_SEEDS = 40;
  private static final long SEED = Long.getLong("fuzz.seed", 1);

  private final List<String> figures = new ArrayList<>();

  @TestFactory
  Stream<DynamicTest> everyMutantEndsInAResultOrAMessage(
      @TempDir Path scratch, @TempDir Path sandbox) throws IOException {
    FuzzedParsers parsers = new FuzzedParsers(scratch);
    int shares = parsers.all().stream().mapToInt(FuzzedParser::share).sum();
    Stream<DynamicTest> tests =
        parsers.all().stream()
            .map(
                parser ->
                    dynamicTest(
                        parser.name(),
                        () -> {
                          int count = (MUTANTS * parser.share() + shares - 1) / shares;
                          Path folder = sandbox.resolve(parser.name());
                          report(new Fuzzer(parser, folder, BUILD).run(SEED, count), count);
                        }));
    return Stream.concat(
        tests,
        Stream.of(
            dynamicTest(
                "models that are read come to scores",
                () -> assertThat(parsers.explained()).isGreaterThan(MUTANTS / 100))));
  }

  private void report(Fuzzer.Outcome outcome, int count) {
    figures.add(
        String.format(
            Locale.ROOT,
            "| %s | %,d | %,d | %,d | %d ms | %d MB |",
            outcome.parser(),
            count,
            outcome.read(),
            outcome.refused(),
            outcome.mostMillis(),
            outcome.mostMegabytes()));
    requireNone(outcome);
  }

  private static void requireNone(Fuzzer.Outcome outcome) {
    if (!outcome.failures().isEmpty()) {
      fail(String.join("\n\n", outcome.failures()));
    }
  }

  @AfterEach
  void writeFigures() throws IOException {
    if (!figures.isEmpty()) {
      Files.createDirectories(BUILD);
      Files.write(BUILD.resolve("figures.md"), figures);
    }
  }

  /** Otherwise their mutants would say little. */
  @TestFactory
  Stream<DynamicTest> mostFilesToBeginWithAreRead(@TempDir Path scratch, @TempDir Path sandbox)
      throws IOException {
    return new FuzzedParsers(scratch)
        .all().stream()
            .map(
                parser ->
                    dynamicTest(
                        parser.name(),
                        () -> {
                          List<Seed> some = parser.seeds().stream().limit(MOST_SEEDS).toList();
                          Path folder = sandbox.resolve(parser.name());
                          Fuzzer.Outcome outcome = new Fuzzer(parser, folder, BUILD).run(some);
                          requireNone(outcome);
                          assertThat(outcome.read())
                              .as(String.join("\n", outcome.refusals()))
                              .isGreaterThan(some.size() / 3);
                        }));
  }

  /** Files that a parser once did not stand, by the parser's name. */
  @TestFactory
  Stream<DynamicTest> whatWasFoundStaysMended(@TempDir Path scratch, @TempDir Path sandbox)
      throws IOException {
    return new FuzzedParsers(scratch)
        .all().stream()
            .filter(parser -> Files.isDirectory(FIXTURES.resolve(parser.name())))
            .map(
                parser ->
                    dynamicTest(
                        parser.name(),
                        () -> {
                          List<Seed> files = fixtures(parser.name());
                          Path folder = sandbox.resolve(parser.name());
                          Fuzzer.Outcome outcome = new Fuzzer(parser, folder, BUILD).run(files);
                          requireNone(outcome);
                          assertThat(outcome.read() + outcome.refused()).isEqualTo(files.size());
                        }));
  }

  private static List<Seed> fixtures(String parser) throws IOException {
    try (Stream<Path> files = Files.list(FIXTURES.resolve(parser))) {
      return files.sorted().map(Fuzzer::seed).toList();
    }
  }
}
