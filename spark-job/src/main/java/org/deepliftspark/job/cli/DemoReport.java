package org.deepliftspark.job.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.deepliftspark.job.cli.DemoSequence.Planted;
import org.deepliftspark.job.cli.TextLogo.Label;
import org.deepliftspark.job.cli.TextLogo.Region;
import org.deepliftspark.job.cli.TextLogo.Site;

/** Says how well the demo's scores point at the motifs that were planted. */
final class DemoReport {
  /** About the width of a motif. */
  private static final int SITE_WIDTH = 12;

  private static final int SITES_DRAWN = 3;
  private static final int FLANK = 4;
  private static final int SEQUENCES_DRAWN = 2;

  private final Map<String, Scores> scores;
  private final List<DemoSequence> sequences;

  /**
   * What the job wrote for a sequence.
   *
   * @param contributions one per base
   */
  record Scores(
      String sequence, double prediction, double referencePrediction, float[] contributions) {}

  /**
   * @param scores by id, of every sequence
   */
  DemoReport(List<DemoSequence> sequences, Map<String, Scores> scores) {
    this.sequences = sequences.stream().filter(DemoSequence::holdsBothMotifs).toList();
    this.scores = scores;
  }

  void print(TextLogo logo, PrintStream out) {
    out.println();
    out.println("Letters above the line speak for \"both motifs are there\", those below against.");
    sequences.stream().limit(SEQUENCES_DRAWN).forEach(sequence -> print(sequence, logo, out));
    out.println();
    out.printf(
        Locale.ROOT,
        "%d sequences hold both motifs, %d sites in all; as many top-scored sites hit %d of them.%n",
        sequences.size(),
        planted(),
        hit());
  }

  private void print(DemoSequence sequence, TextLogo logo, PrintStream out) {
    Scores found = scores.get(sequence.id());
    List<Site> sites = TextLogo.topSites(found.contributions(), SITE_WIDTH, SITES_DRAWN);
    out.println();
    out.printf(
        Locale.ROOT,
        "%s: prediction %.2f, references %.2f; planted %s%n",
        sequence.id(),
        found.prediction(),
        found.referencePrediction(),
        sequence.planted().stream().map(Planted::toString).collect(Collectors.joining(", ")));
    out.println();
    out.print(
        logo.draw(
            found.sequence(),
            found.contributions(),
            regions(sites, found.contributions().length),
            labels(sequence)));
    out.println();
    sites.forEach(site -> print(site, sequence, out));
  }

  private static void print(Site site, DemoSequence sequence, PrintStream out) {
    String hits =
        sequence.planted().stream()
            .filter(planted -> planted.isHitBy(site))
            .map(Planted::toString)
            .collect(Collectors.joining(" and "));
    out.printf(
        Locale.ROOT,
        "  site %d-%d, score %.2f: %s%n",
        site.start() + 1,
        site.end(),
        site.score(),
        hits.isEmpty() ? "no planted motif" : "hits " + hits);
  }

  /** The sites with what is beside them, from left to right; neighbours become one region. */
  private static List<Region> regions(List<Site> sites, int length) {
    List<Site> sorted = new ArrayList<>(sites);
    sorted.sort(Comparator.comparingInt(Site::start));
    List<Region> regions = new ArrayList<>();
    for (Site site : sorted) {
      int start = Math.max(0, site.start() - FLANK);
      int end = Math.min(length, site.end() + FLANK);
      Region last = regions.isEmpty() ? null : regions.get(regions.size() - 1);
      if (last != null && start <= last.end()) {
        regions.set(regions.size() - 1, new Region(last.start(), end));
      } else {
        regions.add(new Region(start, end));
      }
    }
    return regions;
  }

  private static List<Label> labels(DemoSequence sequence) {
    return sequence.planted().stream()
        .map(planted -> new Label(planted.motif(), planted.start(), planted.end()))
        .toList();
  }

  /** Motifs planted in sequences that hold both. */
  int planted() {
    return sequences.stream().mapToInt(sequence -> sequence.planted().size()).sum();
  }

  /** Those of them that the top sites hit, as many sites per sequence as motifs were planted. */
  int hit() {
    return sequences.stream().mapToInt(this::hit).sum();
  }

  private int hit(DemoSequence sequence) {
    float[] contributions = scores.get(sequence.id()).contributions();
    List<Site> sites = TextLogo.topSites(contributions, SITE_WIDTH, sequence.planted().size());
    return (int)
        sequence.planted().stream()
            .filter(planted -> sites.stream().anyMatch(planted::isHitBy))
            .count();
  }
}
