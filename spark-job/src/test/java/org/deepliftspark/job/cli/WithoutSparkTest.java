package org.deepliftspark.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands of the engine start on a class path without Spark, Hadoop and Scala. */
class WithoutSparkTest {

  @TempDir Path folder;

  private static URL[] withoutSpark() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.matches(".*/(spark(?!-job)|hadoop|scala)-[^/]*\\.jar"))
        .map(WithoutSparkTest::url)
        .toArray(URL[]::new);
  }

  private static URL url(String entry) {
    try {
      return Path.of(entry).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String printed(Method start, String... args) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      start.invoke(null, List.of(args));
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void helpInspectAndAttributeRunWithoutSpark() throws Exception {
    try (URLClassLoader loader =
        new URLClassLoader(withoutSpark(), ClassLoader.getPlatformClassLoader())) {
      assertThat(loader.getResource("org/apache/hadoop/fs/FileSystem.class")).isNull();
      assertThat(loader.getResource("org/apache/spark/sql/SparkSession.class")).isNull();
      Method start = loader.loadClass(Main.class.getName()).getMethod("start", List.class);
      assertThat(printed(start, "help")).contains("attribute", "score");
      String model = "src/main/resources/demo/talgata.keras";
      assertThat(printed(start, "inspect", "--model", model, "--target", "0"))
          .contains("conv1", "preact_tasks");
      String golden = "attribution/conv1d_dilated/";
      String[] attribute = {
        "attribute",
        "--model",
        CommandRun.golden(golden + "model.onnx"),
        "--inputs",
        CommandRun.golden(golden + "inputs.npy"),
        "--references=zeros",
        "--target=0",
        "--reverse-complement=average",
        "--output=" + folder
      };
      assertThat(printed(start, attribute)).startsWith("5 rows, largest |convergence delta| ");
    }
  }
}
