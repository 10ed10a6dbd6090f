package org.deepliftspark.job.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes bedGraph: chromosome, start, end, number; neighbours of one number share a line. */
final class BedGraphTrack implements Track {
  private final OutputStream out;
  private String chromosome;
  private long start;
  private long end;
  private float value;

  BedGraphTrack(OutputStream out) {
    this.out = out;
  }

  @Override
  public void add(String chromosome, long start, float[] values, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      boolean goesOn = chromosome.equals(this.chromosome) && start + i == end && values[i] == value;
      if (!goesOn) {
        finish();
        this.chromosome = chromosome;
        this.start = start + i;
        this.value = values[i];
      }
      end = start + i + 1;
    }
  }

  /** Writes what is not yet written. */
  void finish() throws IOException {
    if (chromosome != null) {
      String line = BedText.name(chromosome) + "\t" + start + "\t" + end + "\t" + value + "\n";
      out.write(line.getBytes(StandardCharsets.UTF_8));
    }
    chromosome = null;
  }
}
