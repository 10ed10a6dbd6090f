package org.deepliftspark.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Runs a main class of the tests in a process of its own, which may lack some jars. */
public final class ChildProcess {
  private ChildProcess() {}

  /**
   * Returns the only line that the class prints.
   *
   * @param missingJars pattern of the names of the jars to leave out
   */
  public static String line(Class<?> main, String missingJars)
      throws IOException, InterruptedException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !new File(entry).getName().matches(missingJars))
            .collect(Collectors.joining(File.pathSeparator));
    String java = System.getProperty("java.home") + "/bin/java";
    Process process =
        new ProcessBuilder(List.of(java, "-cp", classPath, main.getName()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.lines()).hasSize(1);
    return output.strip();
  }
}
