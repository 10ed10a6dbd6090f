package org.deepliftspark.job.motif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deepliftspark.job.motif.SeqletCaller.Seqlet;
import org.junit.jupiter.api.Test;

class SeqletCallerTest {
  private static final SeqletOptions OPTIONS = new SeqletOptions(0.01, 4, 25, 0);

  /** Noise, with a motif of eight strong positions in every tenth row. */
  private static List<float[]> rows() {
    Random random = new Random(5);
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      float[] row = new float[150];
      for (int k = 0; k < row.length; k++) {
        row[k] = (float) (0.05 * random.nextGaussian());
      }
      for (int k = 0; i % 10 == 0 && k < 8; k++) {
        row[60 + k] = 1 + k / 16f;
        row[100 + k] = -1 - k / 16f;
      }
      rows.add(row);
    }
    return rows;
  }

  private static SpanNull sums(List<float[]> rows) {
    SpanSums sums = new SpanSums(OPTIONS.shortest(), OPTIONS.longest());
    rows.forEach(sums::add);
    return sums.nullDistribution();
  }

  @Test
  void findsWhatStandsOutOfEitherSign() {
    List<float[]> rows = rows();
    SeqletCaller caller = new SeqletCaller(sums(rows), OPTIONS);
    for (int i = 0; i < rows.size(); i += 10) {
      List<Seqlet> seqlets = caller.call(rows.get(i));
      assertThat(seqlets).anySatisfy(s -> covers(s, 60, 68, 1));
      assertThat(seqlets).anySatisfy(s -> covers(s, 100, 108, -1));
    }
  }

  private static void covers(Seqlet seqlet, int start, int end, int sign) {
    int common = Math.min(seqlet.end(), end) - Math.max(seqlet.start(), start);
    assertThat(common).isGreaterThanOrEqualTo(7);
    assertThat(seqlet.end() - seqlet.start()).isBetween(8, 16);
    assertThat(seqlet.attribution() * sign).isGreaterThan(7);
  }

  @Test
  void seqletsDoNotOverlapAndEveryPartIsUnlikely() {
    List<float[]> rows = rows();
    SpanNull sums = sums(rows);
    SeqletCaller caller = new SeqletCaller(sums, OPTIONS);
    int found = 0;
    for (float[] row : rows) {
      int before = 0;
      double[] prefixes = SpanSums.prefixes(row);
      for (Seqlet seqlet : caller.call(row)) {
        assertThat(seqlet.start()).isGreaterThanOrEqualTo(before);
        before = seqlet.end();
        found++;
        double worst = 0;
        for (int from = seqlet.start(); from < seqlet.end(); from++) {
          for (int to = from + OPTIONS.shortest(); to <= seqlet.end(); to++) {
            double sum = prefixes[to] - prefixes[from];
            worst = Math.max(worst, sums.pValue(to - from, sum));
            assertThat(sum * seqlet.attribution()).isPositive();
          }
        }
        assertThat(seqlet.pValue()).isEqualTo(worst).isLessThanOrEqualTo(0.01);
      }
    }
    assertThat(found).isGreaterThanOrEqualTo(40);
  }

  @Test
  void theNullGoesThroughTheThirdQuartileOfEachLengthAndSign() {
    List<float[]> rows = rows();
    SpanNull sums = sums(rows);
    List<Double> all = new ArrayList<>();
    for (float[] row : rows) {
      double[] prefixes = SpanSums.prefixes(row);
      for (int start = 0; start + 6 < prefixes.length; start++) {
        all.add(prefixes[start + 6] - prefixes[start]);
      }
    }
    for (int sign = -1; sign <= 1; sign += 2) {
      int side = sign;
      List<Double> sorted =
          all.stream().map(sum -> sum * side).filter(sum -> sum > 0).sorted().toList();
      double quartile = sorted.get((int) (0.75 * sorted.size()));
      assertThat(sums.pValue(6, sign * quartile)).isCloseTo(0.25, within(0.005));
      assertThat(sums.pValue(6, sign * 2 * quartile)).isCloseTo(0.0625, within(0.003));
    }
    assertThat(sums.pValue(6, 1e9)).isPositive();
  }

  @Test
  void aMotifInEveryRowIsNoReasonToMissIt() {
    List<float[]> rows = rows();
    for (float[] row : rows) {
      Arrays.fill(row, 10, 18, 1f);
    }
    SeqletCaller caller = new SeqletCaller(sums(rows), OPTIONS);
    for (float[] row : rows) {
      assertThat(caller.call(row)).anySatisfy(s -> covers(s, 10, 18, 1));
    }
  }

  @Test
  void partsOfATableAddUp() {
    List<float[]> rows = rows();
    SpanSums parts = new SpanSums(4, 25);
    for (int from = 0; from < rows.size(); from += 70) {
      SpanSums part = new SpanSums(4, 25);
      rows.subList(from, Math.min(from + 70, rows.size())).forEach(part::add);
      parts.add(part.toBytes());
    }
    SpanNull ofParts = parts.nullDistribution();
    SpanNull whole = sums(rows);
    for (double sum = -3; sum < 3; sum += 0.07) {
      assertThat(ofParts.pValue(11, sum)).isEqualTo(whole.pValue(11, sum));
    }
  }

  @Test
  void flanksStopAtTheEndsOfTheRow() {
    List<float[]> rows = rows();
    float[] edge = rows.get(0).clone();
    for (int i = 0; i < 6; i++) {
      edge[i] = 2;
    }
    SeqletOptions flanked = new SeqletOptions(0.01, 4, 25, 3);
    Seqlet first = new SeqletCaller(sums(rows), flanked).call(edge).get(0);
    assertThat(first.start()).isZero();
    assertThat(first.end()).isBetween(9, 13);
  }

  @Test
  void rowsShorterThanASeqletHaveNone() {
    assertThat(new SeqletCaller(sums(rows()), OPTIONS).call(new float[] {9, 9, 9})).isEmpty();
  }
}
