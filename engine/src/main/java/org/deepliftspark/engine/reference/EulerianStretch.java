package org.deepliftspark.engine.reference;

import java.util.Arrays;

/**
 * One stretch of known letters as a graph: the exits of a letter are the positions that follow its
 * occurrences. One thread.
 */
final class EulerianStretch {
  private final int[] letters;
  private final int from;
  private final int to;

  /** Exits of letter v: {@code exits[start[v]..start[v + 1])}. */
  private final int[] start;

  private final int[] exits;

  private final int[] lastExit;
  private final boolean[] inTree;
  private final int[] shuffled;
  private final int[] used;

  EulerianStretch(int[] letters, int alphabet, int from, int to) {
    this.letters = letters;
    this.from = from;
    this.to = to;
    this.start = new int[alphabet + 1];
    this.exits = new int[to - from - 1];
    this.lastExit = new int[alphabet];
    this.inTree = new boolean[alphabet];
    this.shuffled = new int[exits.length];
    this.used = new int[alphabet];
    for (int position = from; position < to - 1; position++) {
      start[letters[position] + 1]++;
    }
    for (int letter = 0; letter < alphabet; letter++) {
      start[letter + 1] += start[letter];
    }
    for (int position = from; position < to - 1; position++) {
      int letter = letters[position];
      exits[start[letter] + used[letter]++] = position + 1;
    }
  }

  /** Writes the positions of a new path to {@code order[from..to)}. */
  void shuffle(SplitMix random, int[] order) {
    drawTree(random);
    shuffleExits(random);
    System.arraycopy(start, 0, used, 0, used.length);
    int position = from;
    order[from] = from;
    for (int i = from + 1; i < to; i++) {
      position = shuffled[used[letters[position]]++];
      order[i] = position;
    }
  }

  /**
   * Draws a spanning tree towards the last letter, each with a probability in proportion to its
   * number of edges' choices: a random walk from each letter to the tree, its loops erased by
   * overwriting (Wilson, STOC 1996).
   */
  private void drawTree(SplitMix random) {
    Arrays.fill(inTree, false);
    inTree[letters[to - 1]] = true;
    for (int letter = 0; letter < inTree.length; letter++) {
      if (start[letter] == start[letter + 1]) {
        continue;
      }
      for (int at = letter; !inTree[at]; at = letters[exits[lastExit[at]]]) {
        lastExit[at] = start[at] + random.nextInt(start[at + 1] - start[at]);
      }
      for (int at = letter; !inTree[at]; at = letters[exits[lastExit[at]]]) {
        inTree[at] = true;
      }
    }
  }

  /**
   * Brings the exits of each letter into random order, the tree's exit last; the last letter has no
   * such exit.
   */
  private void shuffleExits(SplitMix random) {
    System.arraycopy(exits, 0, shuffled, 0, exits.length);
    int lastLetter = letters[to - 1];
    for (int letter = 0; letter < inTree.length; letter++) {
      int end = start[letter + 1];
      if (letter != lastLetter && end > start[letter]) {
        end--;
        int exit = shuffled[lastExit[letter]];
        shuffled[lastExit[letter]] = shuffled[end];
        shuffled[end] = exit;
      }
      random.shuffle(shuffled, start[letter], end);
    }
  }
}
