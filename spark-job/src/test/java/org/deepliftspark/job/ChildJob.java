package org.deepliftspark.job;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.deepliftspark.job.cli.Main;

/** A scoring job in a JVM of its own, as the launcher starts it: driver and tasks, two cores. */
final class ChildJob implements AutoCloseable {
  private static final long MOST_SECONDS = 240;

  private final Process process;
  private final Path output;
  private final Path log;

  private ChildJob(Process process, Path output, Path log) {
    this.process = process;
    this.output = output;
    this.log = log;
  }

  /**
   * @param log gets what the job says
   */
  static ChildJob start(Path output, Path log, List<String> args, String... javaOptions)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(arg -> arg.startsWith("--add-opens") || arg.startsWith("-XX:+IgnoreUnrec"))
        .forEach(command::add);
    command.addAll(List.of(javaOptions));
    command.addAll(
        List.of(
            "-Xmx768m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1", // the job is over before more would pay
            "-Dspark.master=local[2]",
            "-Dspark.sql.shuffle.partitions=2",
            "-Dorg.deepliftspark.launcher=true",
            "-Dlog4j2.configurationFile=file:" + Path.of("../conf/log4j2.properties").toRealPath(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "score",
            "--output=" + output));
    command.addAll(args);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("SPARK_TESTING");
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return new ChildJob(builder.start(), output, log);
  }

  /** Waits until the job has committed so many files, and is still at it. */
  void awaitFiles(int count) throws IOException, InterruptedException {
    while (files(output) < count) {
      if (process.waitFor(5, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("The job ended first: " + Files.readString(log));
      }
    }
  }

  static int files(Path output) throws IOException {
    if (!Files.isDirectory(output)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(output)) {
      return (int) files.filter(f -> f.getFileName().toString().startsWith("part-")).count();
    }
  }

  /** Ends the process as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Sends a signal, such as {@code INT} for Ctrl-C. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The exit status, when the job has ended. */
  int status() throws InterruptedException {
    if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("The job did not end in " + MOST_SECONDS + " s; see " + log);
    }
    return process.exitValue();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
