package org.deepliftspark.job.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SpillTest {

  private static Set<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("deeplift-export"))
          .collect(Collectors.toSet());
    }
  }

  /** A process that is killed closes nothing. */
  @Test
  void bytesComeBackAndLeaveNoFileEvenIfNobodyClosesThem() throws IOException {
    Set<Path> before = files();
    try (Spill spill = new Spill()) {
      spill.write("abc".getBytes(StandardCharsets.UTF_8));
      spill.write("defg".getBytes(StandardCharsets.UTF_8), 2);
      assertThat(files()).isSubsetOf(before);
      assertThat(spill.bytes()).isEqualTo(5);
      ByteArrayOutputStream back = new ByteArrayOutputStream();
      spill.copyTo(back);
      assertThat(back).hasToString("abcde");
    }
  }
}
