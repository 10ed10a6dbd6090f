package org.deepliftspark.job.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.fuzz.FuzzedParser.Reader;
import org.deepliftspark.job.fuzz.FuzzedParser.Seed;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parsers that break each promise are caught at it. */
@Tag("fuzz")
class FuzzerTest {
  private static final List<Seed> SEEDS = List.of(new Seed("a", new byte[100]));
  private static final long LIMIT = TimeUnit.MILLISECONDS.toNanos(300);

  private static volatile int sink;

  @TempDir Path sandbox;
  @TempDir Path failures;

  private Fuzzer.Outcome run(Reader reader) throws IOException, InterruptedException {
    Mutator mutator = new ByteMutator(List.of(), List.of());
    FuzzedParser parser = new FuzzedParser("p", 1, SEEDS, mutator, 32 << 20, 64, reader);
    return new Fuzzer(parser, sandbox, failures, LIMIT).run(1, 3);
  }

  private void assertCaught(Reader reader, String how) throws IOException, InterruptedException {
    assertThat(run(reader).failures()).hasSize(1).first().asString().contains(how);
  }

  @Test
  void resultsAndOwnExceptionsAreCounted() throws Exception {
    assertThat(run((file, folder) -> {}).read()).isEqualTo(3);
    Reader refusing =
        (file, folder) -> {
          throw new InvalidInputException("no");
        };
    Fuzzer.Outcome outcome = run(refusing);
    assertThat(outcome.refused()).isEqualTo(3);
    assertThat(outcome.failures()).isEmpty();
    assertThat(outcome.refusals()).contains("a, mutant 0 of seed 1: no");
  }

  @Test
  void otherExceptionsAreCaughtAndTheirFilesKept() throws Exception {
    Reader broken =
        (file, folder) -> {
          throw new NegativeArraySizeException("-1");
        };
    assertCaught(broken, "p of a, mutant 0 of seed 1 (p-0.bin): fails with java.lang.Negative");
    byte[] kept = Files.readAllBytes(failures.resolve("p-0.bin"));
    long state = 1_000_003L + "p".hashCode() * 31L;
    SplittableRandom random = new SplittableRandom(state);
    random.nextInt(1); // the choice of the seed
    assertThat(kept).isEqualTo(new ByteMutator(List.of(), List.of()).mutate(new byte[100], random));
  }

  @Test
  void whatNeverEndsIsCaughtWithItsPlace() throws Exception {
    Reader endless =
        (file, folder) -> {
          while (!Thread.currentThread().isInterrupted()) {
            sink++;
          }
        };
    assertCaught(endless, "org.deepliftspark.job.fuzz.FuzzerTest.lambda");
  }

  @Test
  void memoryBeyondTheBoundIsCaughtOnAnyThread() throws Exception {
    Runnable work = () -> sink = new byte[40 << 20].length;
    Reader greedy = (file, folder) -> ForkJoinPool.commonPool().submit(work).get();
    assertCaught(greedy, "MB for a file of ");
  }

  @Test
  void filesThatAreWrittenAreCaught() throws Exception {
    assertCaught(
        (file, folder) -> Files.write(folder.resolveSibling("escaped"), file),
        "files were written: ");
  }
}
