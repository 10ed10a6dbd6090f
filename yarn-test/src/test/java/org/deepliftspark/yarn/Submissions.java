package org.deepliftspark.yarn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.deepliftspark.yarn.SparkHome.Ended;

/**
 * Ways to submit a job, with {@code conf/spark-defaults-yarn.conf} as it stands, but for two
 * executors of one core each.
 */
final class Submissions {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path ALL_JAR = Path.of(System.getProperty("all.jar")).normalize();
  private static final Path WORK = Path.of(System.getProperty("work.folder"));
  private static final Path DEMO = ROOT.resolve("spark-job/src/main/resources/demo");
  private static final String LAUNCHER = ROOT.resolve("scripts/deeplift").toString();

  private final SparkHome spark;

  /** Clears the folder of the last run. */
  Submissions() throws IOException, InterruptedException {
    assertThat(ALL_JAR).as("the all jar, which scripts/yarn builds").exists();
    clear(WORK);
    spark =
        new SparkHome(
            WORK.resolve("spark"),
            Path.of(System.getProperty("spark.classpath")),
            WORK.resolve("logs"),
            HadoopCluster.settings(hadoopFolder()));
    // Builds if need be, so that jobs say nothing of it.
    assertThat(spark.run("build", List.of(LAUNCHER, "version")).status()).isZero();
  }

  private static void clear(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    }
    Files.createDirectories(folder);
  }

  static Path hadoopFolder() {
    return WORK.resolve("hadoop");
  }

  static Path demoModel() {
    return DEMO.resolve("talgata.keras");
  }

  /** A file with the first sequences of the demo, {@code seq1} and so on. */
  static Path someSequences(int count) throws IOException {
    String[] records = Files.readString(DEMO.resolve("sequences.fa")).split("(?m)^(?=>)");
    return Files.writeString(
        WORK.resolve("some.fa"), String.join("", Arrays.copyOf(records, count)));
  }

  /** The all jar by spark-submit. */
  Ended submit(String name, String deployMode, String... job)
      throws IOException, InterruptedException {
    List<String> options = new ArrayList<>(onYarn(name));
    options.add("--deploy-mode=" + deployMode);
    return submit(name, options, job);
  }

  /** The all jar by spark-submit on this machine alone; the output is a local folder. */
  Path alone(String name, String... job) throws IOException, InterruptedException {
    Path output = WORK.resolve(name);
    List<String> options = new ArrayList<>(List.of(job));
    options.add("--output=" + output.toUri());
    List<String> local =
        List.of("--master=local[1]", "--driver-memory=1g", "--conf=spark.ui.enabled=false");
    Ended ended = submit(name, local, options.toArray(String[]::new));
    assertThat(ended.status()).as(ended.log()).isZero();
    return output;
  }

  private Ended submit(String name, List<String> sparkOptions, String... job)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(spark.submit().toString()));
    command.addAll(sparkOptions);
    command.addAll(List.of("--class", "org.deepliftspark.job.DeepLiftJob", ALL_JAR.toString()));
    command.addAll(List.of(job));
    return spark.run(name, command);
  }

  /**
   * {@code scripts/deeplift score}, with what is to follow {@code --}.
   *
   * @param sparkOptions more options of spark-submit
   */
  Ended launch(String name, List<String> sparkOptions, String... job)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(LAUNCHER, "score"));
    command.addAll(List.of(job));
    command.add("--");
    command.addAll(onYarn(name));
    command.addAll(sparkOptions);
    return spark.run(name, command);
  }

  private List<String> onYarn(String name) {
    return List.of(
        "--properties-file=" + ROOT.resolve("conf/spark-defaults-yarn.conf"),
        "--name=" + name,
        "--num-executors=2",
        "--executor-cores=1",
        "--conf=spark.yarn.jars=" + spark.yarnJars());
  }
}
