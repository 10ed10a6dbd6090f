package org.deepliftspark.job.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The commands that options belong to, with the line that {@code help} prints for each. */
public enum CommandName {
  SCORE("scores sequences on Spark and writes contribution scores as Parquet"),
  DEMO("runs score on the bundled model and sequences and shows what it found"),
  ATTRIBUTE("runs the engine alone: .npy arrays in, .npy arrays out"),
  EVALUATE("measures methods on the same sequences on Spark and draws a chart per measure"),
  COMPILE("writes the attribution of a network as an ONNX file for any ONNX runtime"),
  INSPECT("prints a model's graph, its targets and what is unsupported"),
  BENCH("measures the engine alone and prints one line of JSON");

  private final String summary;

  CommandName(String summary) {
    this.summary = summary;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String summary() {
    return summary;
  }

  static Optional<CommandName> of(String word) {
    return Arrays.stream(values()).filter(name -> name.word().equals(word)).findFirst();
  }

  static List<String> words() {
    return Arrays.stream(values()).map(CommandName::word).toList();
  }
}
