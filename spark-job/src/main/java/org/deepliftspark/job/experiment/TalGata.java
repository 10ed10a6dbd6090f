package org.deepliftspark.job.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.Models;
import org.deepliftspark.engine.metric.Explainer;
import org.deepliftspark.engine.metric.MotifRecovery;
import org.deepliftspark.engine.metric.Scores;
import org.deepliftspark.job.chart.Chart;

/**
 * Which methods find the motifs that a network looks for: figure 5 of the 2017 paper as numbers.
 * Sequences of the test set that hold both motifs, GATA and TAL; task 0 asks for both, task 1 for
 * GATA, task 2 for TAL. Without the papers' network, the demo's.
 */
final class TalGata implements Experiment {
  private static final String FLAT = "background:0.3,0.2,0.2,0.3";
  private static final String SHUFFLES = "deeplift-dinuc:10";
  private static final String ZEROS = "zeros";
  private static final int SEEDS = 10;
  private static final int TASKS = 3;
  private static final int LETTERS = 4;
  private static final List<String> TARGETS = List.of("0", "1", "2");

  /** Of each task, the motifs that are relevant to it. */
  private static final List<List<String>> RELEVANT =
      List.of(List.of("GATA", "TAL"), List.of("GATA"), List.of("TAL"));

  /** Name, method, references; shuffles are repeated over seeds. */
  private static final String[][] ROWS = {
    {"genomics-default", "genomics-default", FLAT},
    {"rescale", "rescale", FLAT},
    {"reveal-cancel", "reveal-cancel", FLAT},
    {"integrated-gradients:10", "integrated-gradients:10", FLAT},
    {"gradient-x-input", "gradient-x-input", ZEROS},
    {"guided-backprop-x-input", "guided-backprop-x-input", ZEROS},
    {"in-silico-mutagenesis", "in-silico-mutagenesis", ZEROS},
    {"genomics-default " + SHUFFLES, "genomics-default", SHUFFLES},
    {"rescale " + SHUFFLES, "rescale", SHUFFLES},
    {"gradient " + SHUFFLES, "gradient", SHUFFLES},
    {"genomics-default " + ZEROS, "genomics-default", ZEROS},
    {"rescale " + ZEROS, "rescale", ZEROS},
  };

  @Override
  public String name() {
    return "tal-gata";
  }

  /** What one method has in one task; means over seeds. */
  private static final class Found {
    private double auroc;
    private double squares;
    private final Map<String, Double> missed = new LinkedHashMap<>();
    private final Map<String, Double> means = new LinkedHashMap<>();
    private int seeds;

    void add(double value, Map<String, double[]> sums) {
      seeds++;
      auroc += value;
      squares += value * value;
      sums.forEach(
          (motif, all) -> {
            double below = 0;
            double mean = 0;
            for (double sum : all) {
              below += sum <= 0 ? 1 : 0;
              mean += sum / all.length;
            }
            missed.merge(motif, below, Double::sum);
            means.merge(motif, mean, Double::sum);
          });
    }

    double auroc() {
      return auroc / seeds;
    }

    /** Standard deviation over seeds: how far one draw of the references may lie. */
    double deviation() {
      double variance = (squares - seeds * auroc() * auroc()) / (seeds - 1);
      return Math.sqrt(Math.max(0, variance));
    }

    double missed(String motif) {
      return missed.get(motif) / seeds;
    }

    double mean(String motif) {
      return means.get(motif) / seeds;
    }
  }

  @Override
  public Outcome run(Setting setting) throws IOException {
    Graph graph = graph(setting);
    List<MotifSequence> sequences =
        sequences(setting).stream().filter(s -> s.holds("GATA") && s.holds("TAL")).toList();
    Map<String, Found[]> found = new LinkedHashMap<>();
    for (String[] row : ROWS) {
      Found[] tasks = {new Found(), new Found(), new Found()};
      int seeds = row[2].equals(SHUFFLES) ? SEEDS : 1;
      for (int seed = 1; seed <= seeds; seed++) {
        addScores(graph, row[1], row[2], seed, sequences, setting, tasks);
      }
      found.put(row[0], tasks);
    }
    return outcome(found, sequences, setting);
  }

  private static Graph graph(Setting setting) throws IOException {
    String model = "genomics/keras2_conv1d_record_5_model_PQzyq_model";
    Optional<Path> json = setting.upstream(model + "Json.json");
    if (json.isPresent()) {
      return Setting.model(json.get(), setting.upstream(model + "Weights.h5").orElseThrow());
    }
    return Models.read(ModelSource.of("talgata.keras", resource("/demo/talgata.keras")));
  }

  private static List<MotifSequence> sequences(Setting setting) throws IOException {
    Optional<Path> table = setting.upstream("genomics/sequences.simdata.gz");
    if (table.isPresent()) {
      return MotifSequence.simulated(
          table.get(), setting.upstream("genomics/test.txt.gz").orElseThrow());
    }
    return MotifSequence.planted(
        new String(resource("/demo/sequences.fa"), StandardCharsets.US_ASCII));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream stream = TalGata.class.getResourceAsStream(name)) {
      return stream.readAllBytes();
    }
  }

  private static void addScores(
      Graph graph,
      String method,
      String references,
      long seed,
      List<MotifSequence> sequences,
      Setting setting,
      Found[] tasks) {
    try (Explainer explainer =
        Explainer.open(graph, method, TARGETS, references, seed, setting.backend())) {
      Scores scores =
          explainer.explain(
              sequences.stream().map(MotifSequence::x).toList(),
              sequences.stream().map(MotifSequence::id).toList());
      for (int task = 0; task < TASKS; task++) {
        double auroc = 0;
        Map<String, List<Double>> sums = new LinkedHashMap<>();
        for (int row = 0; row < sequences.size(); row++) {
          double[] bases = MotifRecovery.perPosition(scores.contributions()[row][task], LETTERS);
          auroc += auroc(bases, sequences.get(row), RELEVANT.get(task)) / sequences.size();
          for (MotifSequence.Site site : sequences.get(row).sites()) {
            sums.computeIfAbsent(site.motif(), motif -> new ArrayList<>())
                .add(MotifRecovery.sum(bases, site.start(), site.end()));
          }
        }
        Map<String, double[]> arrays = new LinkedHashMap<>();
        sums.forEach(
            (motif, all) ->
                arrays.put(motif, all.stream().mapToDouble(Double::doubleValue).toArray()));
        tasks[task].add(auroc, arrays);
      }
    }
  }

  private static double auroc(double[] bases, MotifSequence sequence, List<String> relevant) {
    List<MotifSequence.Site> sites =
        sequence.sites().stream().filter(site -> relevant.contains(site.motif())).toList();
    return MotifRecovery.auroc(
        bases,
        sites.stream().mapToInt(MotifSequence.Site::start).toArray(),
        sites.stream().mapToInt(MotifSequence.Site::end).toArray());
  }

  private static Outcome outcome(
      Map<String, Found[]> found, List<MotifSequence> sequences, Setting setting) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s: %d sequences with both motifs, %d GATA and %d TAL sites; missed: sum not above"
                + " 0%n",
            setting.shared().isPresent() ? "the paper's network" : "the demo's network",
            sequences.size(),
            count(sequences, "GATA"),
            count(sequences, "TAL")));
    Map<String, Object> json = new LinkedHashMap<>();
    Chart chart = new Chart("Base AUROC of relevant motifs", "", "AUROC");
    for (Map.Entry<String, Found[]> entry : found.entrySet()) {
      double[] aurocs = new double[TASKS];
      for (int task = 0; task < TASKS; task++) {
        aurocs[task] = entry.getValue()[task].auroc();
      }
      chart.add(entry.getKey(), aurocs);
    }
    for (int task = 0; task < TASKS; task++) {
      String relevant = String.join(" and ", RELEVANT.get(task));
      text.append(String.format("%ntask %d (%s)%n", task, relevant)).append(table(found, task));
      json.put("task" + task, json(found, task));
    }
    return new Outcome(text.toString(), json, chart.bars("task 0", "task 1", "task 2"));
  }

  private static long count(List<MotifSequence> sequences, String motif) {
    return sequences.stream()
        .flatMap(sequence -> sequence.sites().stream())
        .filter(site -> site.motif().equals(motif))
        .count();
  }

  private static Table table(Map<String, Found[]> found, int task) {
    Table table =
        new Table("method", "AUROC", "s.d.", "missed GATA", "missed TAL", "mean GATA", "mean TAL");
    found.forEach(
        (method, tasks) -> {
          Found row = tasks[task];
          table.add(
              method,
              String.format(Locale.ROOT, "%.4f", row.auroc()),
              row.seeds > 1 ? String.format(Locale.ROOT, "%.4f", row.deviation()) : "",
              count(row.missed("GATA")),
              count(row.missed("TAL")),
              String.format(Locale.ROOT, "%.3f", row.mean("GATA")),
              String.format(Locale.ROOT, "%.3f", row.mean("TAL")));
        });
    return table;
  }

  private static String count(double number) {
    return String.format(Locale.ROOT, number == Math.rint(number) ? "%.0f" : "%.1f", number);
  }

  private static Map<String, Object> json(Map<String, Found[]> found, int task) {
    Map<String, Object> json = new LinkedHashMap<>();
    found.forEach(
        (method, tasks) -> {
          Map<String, Object> numbers = new LinkedHashMap<>();
          numbers.put("auroc", tasks[task].auroc());
          numbers.put("missed_gata", tasks[task].missed("GATA"));
          numbers.put("missed_tal", tasks[task].missed("TAL"));
          json.put(method, numbers);
        });
    return json;
  }
}
