package org.deepliftspark.job.export;

import java.io.IOException;

/** Takes a track from left to right, chromosome by chromosome. */
interface Track {
  /**
   * Takes numbers of neighbouring positions.
   *
   * @param start position of the first, counted from 0; not before the end of what was taken last
   * @param count how many of {@code values} count
   */
  void add(String chromosome, long start, float[] values, int count) throws IOException;
}
