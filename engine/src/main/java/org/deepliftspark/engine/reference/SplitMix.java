package org.deepliftspark.engine.reference;

/**
 * SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).
 * Written out, since the numbers of {@code java.util.SplittableRandom} are not promised to stay the
 * same from one JDK to the next.
 */
final class SplitMix {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  private SplitMix(long state) {
    this.state = state;
  }

  /** The generator of one reference of a row: no reference depends on how many there are. */
  static SplitMix of(long rowSeed, int reference) {
    return new SplitMix(mix(rowSeed ^ mix((reference + 1) * GOLDEN_GAMMA)));
  }

  long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Uniform below a bound, without bias (Lemire, arXiv 1805.10941). */
  int nextInt(int bound) {
    long product = (nextLong() >>> 32) * bound;
    if ((product & 0xFFFFFFFFL) < bound) {
      long threshold = (1L << 32) % bound;
      while ((product & 0xFFFFFFFFL) < threshold) {
        product = (nextLong() >>> 32) * bound;
      }
    }
    return (int) (product >>> 32);
  }

  /** Brings {@code array[from..to)} into one of its orders, each equally likely. */
  void shuffle(int[] array, int from, int to) {
    for (int last = to - 1; last > from; last--) {
      int other = from + nextInt(last - from + 1);
      int kept = array[last];
      array[last] = array[other];
      array[other] = kept;
    }
  }

  private static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
