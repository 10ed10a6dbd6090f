package org.deepliftspark.job.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.deepliftspark.engine.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BigWigTrackTest {
  private static final int REGIONS = 700;
  private static final int WIDTH = 1100;
  private static final int STRIDE = 1500;

  @TempDir Path folder;

  private static TreeMap<String, Long> sizes() {
    TreeMap<String, Long> sizes = new TreeMap<>();
    sizes.put("chr10", (long) REGIONS * STRIDE);
    sizes.put("chr2", 5000L);
    return sizes;
  }

  /** Enough blocks for an index of two levels, with gaps, and a second chromosome. */
  private static float[][] regions() {
    Random random = new Random(3);
    float[][] regions = new float[REGIONS][WIDTH];
    for (float[] region : regions) {
      for (int i = 0; i < WIDTH; i++) {
        region[i] = (float) random.nextGaussian();
      }
    }
    return regions;
  }

  private Path write(float[][] regions) throws Exception {
    Path path = folder.resolve("track.bw");
    try (BigWigTrack track = new BigWigTrack(sizes());
        OutputStream out = Files.newOutputStream(path)) {
      for (int i = 0; i < regions.length; i++) {
        track.add("chr10", (long) i * STRIDE, regions[i], WIDTH);
      }
      track.add("chr2", 100, new float[] {1, 2, 3, 9}, 3);
      track.add("chr2", 103, new float[] {4}, 1);
      track.finish(out);
    }
    return path;
  }

  @Test
  void everyNumberIsFoundThroughTheIndex() throws Exception {
    float[][] regions = regions();
    BigWigReader reader = new BigWigReader(write(regions));
    assertThat(reader.sizes).containsOnlyKeys("chr10", "chr2").containsEntry("chr2", 5000);
    for (int i = 0; i < REGIONS; i += 37) {
      float[] found = reader.values("chr10", i * STRIDE, i * STRIDE + STRIDE);
      assertThat(java.util.Arrays.copyOf(found, WIDTH)).containsExactly(regions[i]);
      for (int gap = WIDTH; gap < STRIDE; gap++) {
        assertThat(found[gap]).isNaN();
      }
    }
    assertThat(reader.values("chr2", 99, 105)).containsExactly(Float.NaN, 1, 2, 3, 4, Float.NaN);
  }

  @Test
  void zoomLevelsSummariseWhatIsThere() throws Exception {
    float[][] regions = regions();
    BigWigReader reader = new BigWigReader(write(regions));
    assertThat(reader.zoomLevels()).isGreaterThan(5);
    double all = 4 + REGIONS * WIDTH;
    for (int level = 0; level < reader.zoomLevels(); level++) {
      assertThat(reader.reduction(level)).isEqualTo(10 << (2 * level));
      List<BigWigReader.Zoomed> bins = reader.zoomed(level, "chr10", 0, REGIONS * STRIDE);
      double count = 0;
      double sum = 0;
      int before = 0;
      for (BigWigReader.Zoomed bin : bins) {
        assertThat(bin.start()).isGreaterThanOrEqualTo(before);
        assertThat(bin.end() - bin.start()).isBetween(1, reader.reduction(level));
        assertThat(bin.start() / reader.reduction(level))
            .isEqualTo((bin.end() - 1) / reader.reduction(level));
        before = bin.end();
        count += bin.count();
        sum += bin.sum();
      }
      assertThat(count).isEqualTo(all - 4);
      assertThat(sum).isCloseTo(sum(regions), within(1e-2));
    }
    BigWigReader.Zoomed second = reader.zoomed(0, "chr10", 10, 20).get(1);
    assertThat(second.start()).isEqualTo(10);
    float least = Float.MAX_VALUE;
    for (int i = 10; i < 20; i++) {
      least = Math.min(least, regions[0][i]);
    }
    assertThat(second.least()).isEqualTo(least);
    assertThat(reader.totals()[0]).isEqualTo(all);
    assertThat(reader.totals()[3]).isCloseTo(sum(regions) + 10, within(1e-6));
  }

  private static double sum(float[][] regions) {
    double sum = 0;
    for (float[] region : regions) {
      for (float number : region) {
        sum += number;
      }
    }
    return sum;
  }

  @Test
  void refusesPlacesOutsideTheChromosome() throws Exception {
    try (BigWigTrack track = new BigWigTrack(sizes())) {
      assertThatThrownBy(() -> track.add("chr2", 4999, new float[2], 2))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage("Invalid place chr2:4999-5001: chr2 has 5000 positions");
      assertThatThrownBy(() -> track.add("chrX", 0, new float[2], 2))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage("Invalid place chrX:0-2: --chrom-sizes has no chrX");
    }
  }
}
