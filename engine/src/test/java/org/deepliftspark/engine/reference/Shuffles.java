package org.deepliftspark.engine.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.deepliftspark.engine.encode.LengthPolicy;
import org.deepliftspark.engine.encode.OneHotEncoder;
import org.deepliftspark.engine.encode.UnknownBase;
import org.deepliftspark.engine.graph.Shape;

/**
 * What the tests of shuffles share: references as strings, counts, all possible answers by brute
 * force.
 */
final class Shuffles {
  private Shuffles() {}

  /** The references of a sequence, decoded. */
  static List<String> of(String references, String sequence, long rowSeed) {
    ReferenceGenerator generator = ReferenceGenerator.of(ReferenceSpec.parse(references), null);
    float[] row = oneHot(sequence);
    Shape shape = Shape.of(sequence.length(), 4);
    float[] out = new float[generator.size(shape)];
    generator.generate(row, shape, rowSeed, out, 0);
    List<String> decoded = new ArrayList<>();
    String all = OneHotEncoder.decode(out);
    for (int from = 0; from < all.length(); from += sequence.length()) {
      decoded.add(all.substring(from, from + sequence.length()));
    }
    return decoded;
  }

  static float[] oneHot(String sequence) {
    return OneHotEncoder.of(sequence.length(), LengthPolicy.REJECT, UnknownBase.ZERO, null)
        .encode(sequence)
        .numbers();
  }

  static String randomSequence(SplittableRandom random, String letters, int length) {
    StringBuilder sequence = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      sequence.append(letters.charAt(random.nextInt(letters.length())));
    }
    return sequence.toString();
  }

  /** How often each word of a length occurs. */
  static Map<String, Integer> words(String sequence, int length) {
    Map<String, Integer> counts = new TreeMap<>();
    for (int i = 0; i + length <= sequence.length(); i++) {
      counts.merge(sequence.substring(i, i + length), 1, Integer::sum);
    }
    return counts;
  }

  /** Every sequence with the same pairs, the same first and the same last letter. */
  static Set<String> sameDinucleotides(String sequence) {
    Set<String> found = new TreeSet<>();
    extend(sequence.substring(0, 1), words(sequence, 2), sequence.length(), found);
    return found;
  }

  private static void extend(
      String start, Map<String, Integer> left, int length, Set<String> found) {
    if (start.length() == length) {
      found.add(start);
      return;
    }
    char last = start.charAt(start.length() - 1);
    for (String pair : List.copyOf(left.keySet())) {
      if (pair.charAt(0) == last && left.get(pair) > 0) {
        left.merge(pair, -1, Integer::sum);
        extend(start + pair.charAt(1), left, length, found);
        left.merge(pair, 1, Integer::sum);
      }
    }
  }

  /** Pearson's statistic of counts that should be equal. */
  static double chiSquare(Map<String, Integer> counts, int categories) {
    double total = counts.values().stream().mapToInt(Integer::intValue).sum();
    double expected = total / categories;
    double sum = (categories - counts.size()) * expected;
    for (int count : counts.values()) {
      sum += (count - expected) * (count - expected) / expected;
    }
    return sum;
  }

  /** What Pearson's statistic passes once in 10,000 times (Wilson and Hilferty's approximation). */
  static double chiSquareLimit(int categories) {
    double freedom = categories - 1;
    double cube = 1 - 2 / (9 * freedom) + 3.719 * Math.sqrt(2 / (9 * freedom));
    return freedom * cube * cube * cube;
  }
}
