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
  BENCH("measures the engine alone and prints one line of JSON"),
  EXPORT("writes scores in the formats of TF-MoDISco, Fi-NeMo and genome browsers", "format"),
  SEQLETS("finds the stretches of each row that carry its score", "scores"),
  MOTIFS("matches seqlets with known motifs and counts", "scores"),
  REPORT("writes what a run found as one HTML file", "scores"),
  LOGO("draws the contributions of one row as letters", "scores");

  private final String summary;
  private final String bareOption;

  CommandName(String summary) {
    this(summary, null);
  }

  CommandName(String summary, String bareOption) {
    this.summary = summary;
    this.bareOption = bareOption;
  }

  /** Key of the option whose value may stand alone, without its key; null if there is none. */
  String bareOption() {
    return bareOption;
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
