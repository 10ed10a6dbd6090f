package org.deepliftspark.job.experiment;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * A simulated sequence and the motifs that were put into it.
 *
 * @param id its name
 * @param x one-hot, {@code [length, 4]}
 */
record MotifSequence(String id, float[] x, List<Site> sites) {
  private static final String LETTERS = "ACGT";

  /** {@code pos-120_GATA_disc1-GCAGATAAGA}. */
  private static final Pattern EMBEDDED =
      Pattern.compile("pos-(\\d+)_([A-Z]+)\\d?_[^-]*-([ACGT]+)");

  /** {@code GATA1@55-64}, counted from 1. */
  private static final Pattern PLANTED = Pattern.compile("([A-Z]+)1@(\\d+)-(\\d+)");

  /** A motif, GATA or TAL, at {@code [start, end)}. */
  record Site(String motif, int start, int end) {}

  boolean holds(String motif) {
    return sites.stream().anyMatch(site -> site.motif().equals(motif));
  }

  int length() {
    return x.length / LETTERS.length();
  }

  /** The papers' test sequences. */
  static List<MotifSequence> simulated(Path table, Path ids) throws IOException {
    Set<String> test = lines(ids).stream().map(String::strip).collect(Collectors.toSet());
    List<MotifSequence> sequences = new ArrayList<>();
    for (String line : lines(table)) {
      String[] cells = line.split("\t", -1);
      if (test.contains(cells[0])) {
        sequences.add(new MotifSequence(cells[0], oneHot(cells[1]), embedded(cells[2])));
      }
    }
    return sequences;
  }

  private static List<String> lines(Path gzip) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(new ByteArrayInputStream(Setting.bytes(gzip))),
                StandardCharsets.US_ASCII))) {
      return reader.lines().toList();
    }
  }

  private static List<Site> embedded(String text) {
    List<Site> sites = new ArrayList<>();
    Matcher found = EMBEDDED.matcher(text);
    while (found.find()) {
      int start = Integer.parseInt(found.group(1));
      sites.add(new Site(found.group(2), start, start + found.group(3).length()));
    }
    return sites;
  }

  /** The sequences of the demo, whose descriptions name what was planted. */
  static List<MotifSequence> planted(String fasta) {
    List<MotifSequence> sequences = new ArrayList<>();
    for (String record : fasta.split("(?m)^>")) {
      if (!record.isBlank()) {
        String[] parts = record.split("\\R", 2);
        List<Site> sites = new ArrayList<>();
        Matcher found = PLANTED.matcher(parts[0]);
        while (found.find()) {
          sites.add(
              new Site(
                  found.group(1),
                  Integer.parseInt(found.group(2)) - 1,
                  Integer.parseInt(found.group(3))));
        }
        String id = parts[0].split("\\s")[0];
        sequences.add(new MotifSequence(id, oneHot(parts[1].replaceAll("\\s", "")), sites));
      }
    }
    return sequences;
  }

  private static float[] oneHot(String sequence) {
    float[] x = new float[LETTERS.length() * sequence.length()];
    for (int i = 0; i < sequence.length(); i++) {
      int letter = LETTERS.indexOf(sequence.charAt(i));
      if (letter >= 0) {
        x[LETTERS.length() * i + letter] = 1;
      }
    }
    return x;
  }
}
