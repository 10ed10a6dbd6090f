package org.deepliftspark.yarn;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Spark distribution of links to Maven's jars, without this project, and programs run with it.
 */
final class SparkHome {
  private static final long MOST_SECONDS = 300;

  private final Path folder;
  private final Path logs;
  private final Path settings;

  /**
   * @param classPath file with the jars of Spark
   * @param logs gets what each program says
   * @param settings the folder for {@code HADOOP_CONF_DIR}
   */
  SparkHome(Path folder, Path classPath, Path logs, Path settings) throws IOException {
    this.folder = folder;
    this.logs = Files.createDirectories(logs);
    this.settings = settings;
    Files.createDirectories(folder.resolve("conf"));
    Path jars = Files.createDirectories(folder.resolve("jars"));
    for (String jar : Files.readString(classPath).strip().split(File.pathSeparator)) {
      Files.createSymbolicLink(jars.resolve(Path.of(jar).getFileName()), Path.of(jar));
    }
    try (InputStream script = SparkHome.class.getResourceAsStream("/spark-submit")) {
      Files.copy(script, Files.createDirectories(folder.resolve("bin")).resolve("spark-submit"));
    }
    submit().toFile().setExecutable(true);
  }

  Path submit() {
    return folder.resolve("bin/spark-submit");
  }

  /** For {@code spark.yarn.jars}: containers take these jars from the disk, none is uploaded. */
  String yarnJars() {
    return "local:" + folder.resolve("jars") + "/*";
  }

  /** How a program ended, and all that it wrote. */
  record Ended(int status, String log) {
    List<String> lines() {
      return log.lines().toList();
    }
  }

  /**
   * Runs a program to its end.
   *
   * @param name of the log
   */
  Ended run(String name, List<String> command) throws IOException, InterruptedException {
    Path log = logs.resolve(name + ".log");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(logs.toFile()); // the settings unpack libraries to where a driver starts
    builder.environment().put("SPARK_HOME", folder.toString());
    builder.environment().put("HADOOP_CONF_DIR", settings.toString());
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError(name + " did not end in " + MOST_SECONDS + " s; see " + log);
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(log));
  }
}
