package org.deepliftspark.job.cli;

import java.io.Reader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deepliftspark.engine.encode.FastaRecord;
import org.deepliftspark.engine.encode.FastaRecords;
import org.deepliftspark.job.cli.TextLogo.Site;

/**
 * One of the bundled sequences, with the motifs that were planted in it.
 *
 * @param id its name
 * @param planted in the order of their positions
 */
record DemoSequence(String id, List<Planted> planted) {
  /** What a FASTA description says of a planted motif: {@code GATA1@57-66}, counted from 1. */
  private static final Pattern PLANTED = Pattern.compile("(\\w+)@(\\d+)-(\\d+)");

  /** A planted motif at {@code [start, end)}, 0-based. */
  record Planted(String motif, int start, int end) {
    /** Whether a site covers at least half of the motif. */
    boolean isHitBy(Site site) {
      return 2 * site.overlap(start, end) >= end - start;
    }

    @Override
    public String toString() {
      return motif + "@" + (start + 1) + "-" + end;
    }
  }

  static List<DemoSequence> read(Reader fasta, String name) {
    List<DemoSequence> sequences = new ArrayList<>();
    Iterator<FastaRecord> records = FastaRecords.read(fasta, name);
    records.forEachRemaining(
        record -> sequences.add(new DemoSequence(record.id(), planted(record.description()))));
    return sequences;
  }

  private static List<Planted> planted(String description) {
    return Arrays.stream(description.split(" "))
        .map(PLANTED::matcher)
        .filter(Matcher::matches)
        .map(
            found ->
                new Planted(
                    found.group(1),
                    Integer.parseInt(found.group(2)) - 1,
                    Integer.parseInt(found.group(3))))
        .toList();
  }

  /** Whether more than one kind of motif was planted: what task 0 of the network asks for. */
  boolean holdsBothMotifs() {
    return planted.stream().map(Planted::motif).distinct().count() > 1;
  }
}
