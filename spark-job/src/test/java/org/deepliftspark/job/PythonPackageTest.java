package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Runs the tests of the Python package, which bring a stand-in for PySpark. */
class PythonPackageTest {
  private static final Path PACKAGE = Path.of("src/main/python");

  @Test
  void thePythonPackagePassesItsTests() throws Exception {
    assumeTrue(hasPython(), "the Python package was not tested: there is no python3 on the PATH");
    Process tests = python("-B", "-m", "unittest", "discover", "-s", "tests", "-t", ".");
    String output = new String(tests.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(tests.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(tests.exitValue()).as(output).isZero();
    assertThat(output).containsPattern("Ran [1-9][0-9]* tests");
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      return python("-c", "import unittest, sys; sys.exit(sys.version_info < (3, 8))").waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static Process python(String... arguments) throws IOException {
    String[] command = new String[arguments.length + 1];
    command[0] = "python3";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return new ProcessBuilder(command)
        .directory(PACKAGE.toFile())
        .redirectErrorStream(true)
        .start();
  }
}
