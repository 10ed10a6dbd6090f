package org.deepliftspark.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.spark.SparkConf;

/**
 * Spark with one executor in a JVM of its own, for which a discovery script announces two GPUs with
 * the addresses 3 and 5; four tasks share them.
 */
public class GpuClusterHarness extends SparkHarness {
  /** The script of the project, over a program that prints what nvidia-smi would. */
  private static final Path SCRIPT =
      Path.of("../conf/gpu-discovery.sh").toAbsolutePath().normalize();

  private static final Path FOLDER = folder();

  static Path gpus() {
    return FOLDER;
  }

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory(Path.of("target"), "gpus").toAbsolutePath();
      executable(folder.resolve("nvidia-smi"), "#!/bin/sh\nprintf '3\\n5\\n'\n");
      executable(
          folder.resolve("discover"), "#!/bin/sh\nPATH=" + folder + ":$PATH exec " + SCRIPT + "\n");
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @Override
  String master() {
    return "local-cluster[1,4,1500]";
  }

  @Override
  public SparkConf conf() {
    System.setProperty(StandInGpuBackend.FOLDER, FOLDER.toString());
    String discovery = FOLDER.resolve("discover").toString();
    return super.conf()
        .set("spark.executor.memory", "1500m")
        .set("spark.worker.resource.gpu.amount", "2")
        .set("spark.worker.resource.gpu.discoveryScript", discovery)
        .set("spark.executor.resource.gpu.amount", "2")
        .set("spark.task.resource.gpu.amount", "0.5")
        .set("spark.executor.extraJavaOptions", "-D" + StandInGpuBackend.FOLDER + "=" + FOLDER);
  }

  @Override
  public void close() {
    System.clearProperty(StandInGpuBackend.FOLDER);
    super.close();
  }
}
