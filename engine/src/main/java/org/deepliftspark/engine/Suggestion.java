package org.deepliftspark.engine;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word that a user may have meant. */
public final class Suggestion {

  private Suggestion() {}

  /** The word with the fewest edits, if there are few enough for it to be a slip. */
  public static Optional<String> nearest(String wrong, Collection<String> words) {
    int most = Math.max(2, wrong.length() / 3);
    return words.stream()
        .filter(word -> distance(wrong, word) <= most)
        .min(Comparator.comparingInt(word -> distance(wrong, word)));
  }

  /**
   * Edits between two words, where swapping two neighbours counts once (optimal string alignment).
   */
  static int distance(String a, String b) {
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      edits[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      edits[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(edits[i - 1][j], edits[i][j - 1]) + 1;
        least = Math.min(least, edits[i - 1][j - 1] + change);
        if (isSwap(a, b, i, j)) {
          least = Math.min(least, edits[i - 2][j - 2] + 1);
        }
        edits[i][j] = least;
      }
    }
    return edits[a.length()][b.length()];
  }

  private static boolean isSwap(String a, String b, int i, int j) {
    return i > 1
        && j > 1
        && a.charAt(i - 1) == b.charAt(j - 2)
        && a.charAt(i - 2) == b.charAt(j - 1);
  }
}
