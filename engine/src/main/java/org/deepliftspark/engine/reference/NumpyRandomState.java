package org.deepliftspark.engine.reference;

/**
 * NumPy's legacy generator {@code numpy.random.RandomState(seed)}: MT19937 (Matsumoto and Nishimura
 * 1998), bit for bit. NumPy has frozen its stream (NEP 19). One thread.
 */
public final class NumpyRandomState {
  private static final int SIZE = 624;
  private static final int SHIFT = 397;
  private static final int MATRIX = 0x9908B0DF;

  private final int[] state = new int[SIZE];
  private int position = SIZE;

  /**
   * @param seed its lower 32 bits are used, as an unsigned number
   */
  public NumpyRandomState(long seed) {
    state[0] = (int) seed;
    for (int i = 1; i < SIZE; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  /** {@code permutation(n)}: 0 to n - 1 in random order; nothing is drawn for n below 2. */
  public int[] permutation(int n) {
    int[] order = new int[Math.max(n, 0)];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    shuffle(order, 0, order.length);
    return order;
  }

  /** {@code shuffle(array[from:to])}: Fisher-Yates from the end. */
  void shuffle(int[] array, int from, int to) {
    for (int last = to - 1; last > from; last--) {
      int other = from + interval(last - from);
      int kept = array[last];
      array[last] = array[other];
      array[other] = kept;
    }
  }

  /**
   * Uniform over 0 to {@code max}, {@code max} included, by rejection under the smallest mask that
   * covers it.
   */
  private int interval(int max) {
    int mask = -1 >>> Integer.numberOfLeadingZeros(max);
    int value = next() & mask;
    while (value > max) {
      value = next() & mask;
    }
    return value;
  }

  private int next() {
    if (position == SIZE) {
      twist();
      position = 0;
    }
    int y = state[position++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9D2C5680;
    y ^= (y << 15) & 0xEFC60000;
    return y ^ (y >>> 18);
  }

  private void twist() {
    for (int i = 0; i < SIZE; i++) {
      int joined = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7FFFFFFF);
      int odd = (joined & 1) == 0 ? 0 : MATRIX;
      state[i] = state[(i + SHIFT) % SIZE] ^ (joined >>> 1) ^ odd;
    }
  }
}
