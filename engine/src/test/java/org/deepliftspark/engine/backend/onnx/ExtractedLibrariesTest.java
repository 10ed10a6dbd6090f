package org.deepliftspark.engine.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where native libraries lie while they are loaded, and what a process leaves that is killed. */
class ExtractedLibrariesTest {
  @TempDir Path folder;

  /** What another JVM runs: loads ONNX Runtime, computes with it, and ends as if it were killed. */
  static final class Killed {
    public static void main(String[] args) {
      System.out.println(new OnnxBackend().unavailable().orElse("available"));
      System.out.flush();
      Runtime.getRuntime().halt(137);
    }
  }

  @Test
  void aProcessThatIsKilledLeavesNoLibraryBehind() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder builder =
        new ProcessBuilder(
            java.toString(), "-Djava.io.tmpdir=" + temporary, Killed.class.getName());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.redirectErrorStream(true);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isEqualTo(137);
    assertThat(output).endsWith("available" + System.lineSeparator());
    try (Stream<Path> left = Files.walk(temporary)) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).allSatisfy(ExtractedLibrariesTest::assertPrivate);
    }
  }

  private static void assertPrivate(Path made) throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .as(made.toString())
        .isEqualTo("rwx------");
  }

  @Test
  void librariesAreToldFromWhatElseAProcessHasMapped() {
    List<String> lines =
        List.of(
            "7f00-7f01 r--p 00000000 08:01 12   /tmp/onnxruntime-java1/libonnxruntime.so",
            "7f01-7f02 r-xp 00001000 08:01 12   /tmp/onnxruntime-java1/libonnxruntime.so",
            "7f02-7f03 rw-p 00000000 00:00 0    [heap]",
            "7f03-7f04 rw-p 00000000 00:00 0 ",
            "7f04-7f05 r--p 00000000 08:01 13   /usr/lib/libc.so.6");
    assertThat(ExtractedLibraries.mapped(lines))
        .containsExactly(Path.of("/tmp/onnxruntime-java1/libonnxruntime.so"));
  }
}
