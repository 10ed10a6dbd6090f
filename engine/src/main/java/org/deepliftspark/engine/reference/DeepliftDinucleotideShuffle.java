package org.deepliftspark.engine.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The dinucleotide shuffle of kundajelab/deeplift ({@code deeplift/dinuc_shuffle.py}), bit for bit,
 * for sequences given as strings: an unknown letter is a letter N, sorted between G and T. The last
 * exit of each letter stays the last, so that not every sequence with the same pairs can be drawn;
 * {@link DinucleotideShuffle} draws all of them alike.
 *
 * <p>Each row has its own {@code RandomState}, seeded by the lower 32 bits of the row's seed;
 * within a row it is consumed reference by reference, each shuffled from the row itself, as
 * deeplift's {@code get_shuffle_seq_ref_function} does.
 */
public final class DeepliftDinucleotideShuffle implements PositionShuffle {
  private static final long serialVersionUID = 1L;

  private static final int DNA_LETTERS = 4;
  private static final int[] SORTED_DNA = {0, 1, 2, 4, 3};

  @Override
  public boolean needsLetters() {
    return true;
  }

  @Override
  public Sampler sampler(int[] letters, int alphabet, long rowSeed) {
    int[] ranks = letters;
    if (alphabet == DNA_LETTERS) {
      ranks = Arrays.stream(letters).map(letter -> SORTED_DNA[letter]).toArray();
    }
    NumpyRandomState random = new NumpyRandomState(rowSeed);
    Exits exits = new Exits(ranks, alphabet + 1);
    return order -> {
      exits.reset();
      exits.shuffle(random, order);
    };
  }

  /**
   * {@code dinuc_shuffle(sequence, count, random)}: each shuffle starts from the exits as the one
   * before left them. Passing one generator through call after call gives deeplift's own order,
   * sequence by sequence.
   */
  public static List<String> shuffle(String sequence, int count, NumpyRandomState random) {
    int[] sorted = sequence.chars().distinct().sorted().toArray();
    int[] ranks = sequence.chars().map(letter -> Arrays.binarySearch(sorted, letter)).toArray();
    Exits exits = new Exits(ranks, sorted.length);
    int[] order = new int[ranks.length];
    List<String> shuffles = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      exits.shuffle(random, order);
      StringBuilder shuffled = new StringBuilder(order.length);
      for (int position : order) {
        shuffled.append(sequence.charAt(position));
      }
      shuffles.add(shuffled.toString());
    }
    return shuffles;
  }

  /** Per letter, the positions that follow its occurrences. */
  private static final class Exits {
    private final int[] ranks;
    private final int[] start;
    private final int[] original;
    private final int[] exits;
    private final int[] used;

    Exits(int[] ranks, int letters) {
      this.ranks = ranks;
      this.start = new int[letters + 1];
      this.original = new int[Math.max(ranks.length - 1, 0)];
      this.used = new int[letters];
      for (int position = 0; position < original.length; position++) {
        start[ranks[position] + 1]++;
      }
      for (int letter = 0; letter < letters; letter++) {
        start[letter + 1] += start[letter];
      }
      for (int position = 0; position < original.length; position++) {
        int letter = ranks[position];
        original[start[letter] + used[letter]++] = position + 1;
      }
      this.exits = original.clone();
    }

    void reset() {
      System.arraycopy(original, 0, exits, 0, exits.length);
    }

    void shuffle(NumpyRandomState random, int[] order) {
      for (int letter = 0; letter < used.length; letter++) {
        random.shuffle(exits, start[letter], start[letter + 1] - 1);
      }
      System.arraycopy(start, 0, used, 0, used.length);
      int position = 0;
      for (int i = 0; i < order.length; i++) {
        order[i] = position;
        if (i + 1 < order.length) {
          position = exits[used[ranks[position]]++];
        }
      }
    }
  }
}
