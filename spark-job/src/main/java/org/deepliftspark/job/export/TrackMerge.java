package org.deepliftspark.job.export;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.encode.GenomicInterval;

/**
 * Makes one track of rows that may overlap. Rows come sorted by chromosome and start; those that
 * reach over the start of the last one are kept.
 */
final class TrackMerge {

  /** A row; {@code values} run along the genome. */
  private record Region(long start, long end, float[] values) {
    float at(long position) {
      return values[(int) (position - start)];
    }

    /** Twice the distance between the middles of a position and of the region. */
    long distance(long position) {
      return Math.abs(2 * position + 1 - start - end);
    }
  }

  private final Overlap overlap;
  private final Track track;
  private final List<Region> open = new ArrayList<>();
  private String chromosome;
  private long position;

  TrackMerge(Overlap overlap, Track track) {
    this.overlap = overlap;
    this.track = track;
  }

  /**
   * Takes a row.
   *
   * @param values one per position, along the genome
   */
  void add(GenomicInterval place, float[] values) throws IOException {
    if (!place.chrom().equals(chromosome)) {
      flush(Long.MAX_VALUE);
      chromosome = place.chrom();
      position = 0;
    }
    flush(place.start());
    open.add(new Region(place.start(), place.end(), values));
  }

  void finish() throws IOException {
    flush(Long.MAX_VALUE);
  }

  /** Passes on what lies before {@code to}, where no row that comes can reach. */
  private void flush(long to) throws IOException {
    while (!open.isEmpty()) {
      position = Math.max(position, open.get(0).start());
      long end = to;
      for (Region region : open) {
        end = Math.min(end, region.end());
      }
      if (position >= end && end == to) {
        return;
      }
      if (position < end) {
        pass(end);
      }
      open.removeIf(region -> region.end() <= position);
    }
  }

  private void pass(long end) throws IOException {
    float[] values = new float[(int) (end - position)];
    for (int i = 0; i < values.length; i++) {
      values[i] = overlap == Overlap.MEAN ? mean(position + i) : nearest(position + i);
    }
    track.add(chromosome, position, values, values.length);
    position = end;
  }

  private float mean(long at) {
    double sum = 0;
    for (Region region : open) {
      sum += region.at(at);
    }
    return (float) (sum / open.size());
  }

  /** Of equally near rows the first counts. */
  private float nearest(long at) {
    Region nearest = open.get(0);
    for (Region region : open) {
      nearest = region.distance(at) < nearest.distance(at) ? region : nearest;
    }
    return nearest.at(at);
  }
}
