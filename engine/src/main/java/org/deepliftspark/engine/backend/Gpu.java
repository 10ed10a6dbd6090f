package org.deepliftspark.engine.backend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A GPU as the driver's {@code nvidia-smi} describes it, for messages and sizes. Where that program
 * is absent nothing is known, and nothing depends on it.
 *
 * @param index among those that the process sees
 * @param name such as {@code Tesla T4}
 * @param memoryBytes in all
 * @param computeCapability such as {@code 7.5}
 */
public record Gpu(int index, String name, long memoryBytes, String computeCapability) {
  private static final String PROGRAM = "nvidia-smi";
  private static final String FIELDS = "--query-gpu=index,name,memory.total,compute_cap";
  private static final int SECONDS = 20;

  /** The GPU of an index, if {@code nvidia-smi} knows it. */
  public static Optional<Gpu> find(int index) {
    return find(index, query(List.of(PROGRAM)));
  }

  private static Optional<Gpu> find(int index, List<Gpu> gpus) {
    return gpus.stream().filter(gpu -> gpu.index == index).findFirst();
  }

  /** What a person calls it: {@code GPU 0 (Tesla T4, compute capability 7.5)}. */
  public static String describe(int index) {
    return describe(index, query(List.of(PROGRAM)));
  }

  /** The same for a GPU among these. */
  static String describe(int index, List<Gpu> gpus) {
    return "GPU "
        + index
        + find(index, gpus)
            .map(gpu -> " (" + gpu.name + ", compute capability " + gpu.computeCapability + ")")
            .orElse("");
  }

  /** Asks a program that takes the arguments of {@code nvidia-smi}; none where it cannot be run. */
  static List<Gpu> query(List<String> program) {
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of(FIELDS, "--format=csv,noheader,nounits"));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return List.of();
      }
      return parse(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException absent) {
      return List.of();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  /** Lines of {@code index, name, MiB, compute capability}; others are left out. */
  static List<Gpu> parse(String text) {
    List<Gpu> gpus = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] fields = line.split(",");
      if (fields.length == 4
          && fields[0].strip().matches("\\d{1,4}")
          && fields[2].strip().matches("\\d{1,9}")) {
        gpus.add(
            new Gpu(
                Integer.parseInt(fields[0].strip()),
                fields[1].strip(),
                Long.parseLong(fields[2].strip()) << 20,
                fields[3].strip()));
      }
    }
    return gpus;
  }
}
