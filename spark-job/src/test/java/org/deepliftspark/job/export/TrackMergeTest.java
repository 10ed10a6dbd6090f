package org.deepliftspark.job.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.deepliftspark.engine.encode.GenomicInterval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrackMergeTest {

  private record Region(String chrom, int start, float[] values) {
    int end() {
      return start + values.length;
    }
  }

  private static GenomicInterval place(Region region) {
    return new GenomicInterval(region.chrom(), region.start(), region.end(), null);
  }

  @Test
  void theNearestMiddleWinsAndTheFirstOfEquals() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BedGraphTrack text = new BedGraphTrack(out);
    TrackMerge merge = new TrackMerge(Overlap.NEAREST, text);
    merge.add(place(new Region("chr1", 0, new float[9])), filled(9, 1));
    merge.add(place(new Region("chr1", 4, new float[9])), filled(9, 2));
    merge.add(place(new Region("chr1", 20, new float[2])), filled(2, 2));
    merge.add(place(new Region("chr2", 0, new float[1])), filled(1, -0.25f));
    merge.finish();
    text.finish();
    // Middles 4.5 and 8.5: position 6 is equally far from both.
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("chr1\t0\t7\t1.0\nchr1\t7\t13\t2.0\nchr1\t20\t22\t2.0\nchr2\t0\t1\t-0.25\n");
  }

  private static float[] filled(int count, float value) {
    float[] values = new float[count];
    java.util.Arrays.fill(values, value);
    return values;
  }

  @ParameterizedTest
  @EnumSource(Overlap.class)
  void agreesWithPlainLoopsOnRandomRegions(Overlap overlap) throws Exception {
    Random random = new Random(8);
    List<Region> regions = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      float[] values = new float[1 + random.nextInt(60)];
      for (int k = 0; k < values.length; k++) {
        values[k] = random.nextFloat();
      }
      regions.add(new Region("chr" + random.nextInt(3), random.nextInt(1500), values));
    }
    regions.sort(
        Comparator.comparing(Region::chrom)
            .thenComparing(Region::start)
            .thenComparing(Region::end));
    Map<String, Float> found = new TreeMap<>();
    TrackMerge merge =
        new TrackMerge(
            overlap,
            (chromosome, start, values, count) -> {
              for (int i = 0; i < count; i++) {
                assertThat(found.put(chromosome + ":" + (start + i), values[i])).isNull();
              }
            });
    for (Region region : regions) {
      merge.add(place(region), region.values());
    }
    merge.finish();
    assertThat(found).isEqualTo(plainly(regions, overlap));
  }

  private static Map<String, Float> plainly(List<Region> regions, Overlap overlap) {
    Map<String, Float> expected = new TreeMap<>();
    for (int chromosome = 0; chromosome < 3; chromosome++) {
      String name = "chr" + chromosome;
      for (int at = 0; at < 1600; at++) {
        int position = at;
        List<Region> over =
            regions.stream()
                .filter(r -> r.chrom().equals(name) && r.start() <= position && position < r.end())
                .toList();
        if (!over.isEmpty()) {
          Region nearest =
              over.stream()
                  .min(
                      Comparator.comparingDouble(
                          r -> Math.abs((r.start() + r.end()) / 2.0 - position - 0.5)))
                  .orElseThrow();
          double mean =
              over.stream().mapToDouble(r -> r.values()[position - r.start()]).sum() / over.size();
          expected.put(
              name + ":" + at,
              overlap == Overlap.MEAN ? (float) mean : nearest.values()[at - nearest.start()]);
        }
      }
    }
    return expected;
  }
}
