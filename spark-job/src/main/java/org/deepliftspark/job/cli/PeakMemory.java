package org.deepliftspark.job.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The most memory that this process has had in use so far. */
public final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String FIELD = "VmHWM:";

  private PeakMemory() {}

  /** Resident memory in MB, all that is native included; -1 where the system does not tell. */
  public static long megabytes() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(FIELD)) {
          String kilobytes = line.substring(FIELD.length()).strip().split(" ")[0];
          return Long.parseLong(kilobytes) / 1024;
        }
      }
    } catch (IOException notLinux) {
      return -1;
    }
    return -1;
  }
}
