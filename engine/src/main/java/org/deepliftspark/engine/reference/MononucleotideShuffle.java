package org.deepliftspark.engine.reference;

/** All orders of the letters are equally likely; unknown letters stay where they are. */
final class MononucleotideShuffle implements PositionShuffle {
  private static final long serialVersionUID = 1L;

  @Override
  public boolean needsLetters() {
    return false;
  }

  @Override
  public Sampler sampler(int[] letters, int alphabet, long rowSeed) {
    int[] known = new int[letters.length];
    int count = 0;
    for (int position = 0; position < letters.length; position++) {
      if (letters[position] != alphabet) {
        known[count++] = position;
      }
    }
    return new MononucleotideSampler(known, count, rowSeed);
  }

  private static final class MononucleotideSampler implements Sampler {
    private final int[] known;
    private final int count;
    private final int[] shuffled;
    private final long rowSeed;
    private int reference;

    MononucleotideSampler(int[] known, int count, long rowSeed) {
      this.known = known;
      this.count = count;
      this.shuffled = new int[count];
      this.rowSeed = rowSeed;
    }

    @Override
    public void next(int[] order) {
      System.arraycopy(known, 0, shuffled, 0, count);
      SplitMix.of(rowSeed, reference++).shuffle(shuffled, 0, count);
      for (int position = 0; position < order.length; position++) {
        order[position] = position;
      }
      for (int i = 0; i < count; i++) {
        order[known[i]] = shuffled[i];
      }
    }
  }
}
