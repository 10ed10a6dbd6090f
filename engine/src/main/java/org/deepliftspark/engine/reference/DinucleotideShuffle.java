package org.deepliftspark.engine.reference;

import java.util.ArrayList;
import java.util.List;

/**
 * Uniform over all sequences with the same pairs of neighbors, each as often, and the same first
 * and last letter. Unknown letters stay where they are, and each stretch between them is shuffled
 * on its own.
 *
 * <p>Such sequences are the Eulerian paths of the graph whose nodes are letters and whose edges are
 * pairs (Altschul and Erickson, Mol. Biol. Evol. 2:526, 1985). A path is drawn uniformly by drawing
 * a spanning tree towards the last letter uniformly, which is the last exit from each other letter,
 * and bringing the remaining exits into a random order.
 */
final class DinucleotideShuffle implements PositionShuffle {
  private static final long serialVersionUID = 1L;

  @Override
  public boolean needsLetters() {
    return true;
  }

  @Override
  public Sampler sampler(int[] letters, int alphabet, long rowSeed) {
    List<EulerianStretch> stretches = new ArrayList<>();
    for (int from = 0; from < letters.length; ) {
      int to = from;
      while (to < letters.length && letters[to] != alphabet) {
        to++;
      }
      // With three letters or fewer there is one path only.
      if (to - from > 3) {
        stretches.add(new EulerianStretch(letters, alphabet, from, to));
      }
      from = to + 1;
    }
    return new DinucleotideSampler(stretches, rowSeed);
  }

  private static final class DinucleotideSampler implements Sampler {
    private final List<EulerianStretch> stretches;
    private final long rowSeed;
    private int reference;

    DinucleotideSampler(List<EulerianStretch> stretches, long rowSeed) {
      this.stretches = stretches;
      this.rowSeed = rowSeed;
    }

    @Override
    public void next(int[] order) {
      for (int position = 0; position < order.length; position++) {
        order[position] = position;
      }
      SplitMix random = SplitMix.of(rowSeed, reference++);
      for (EulerianStretch stretch : stretches) {
        stretch.shuffle(random, order);
      }
    }
  }
}
