package org.deepliftspark.engine.encode;

import java.util.Arrays;

/**
 * The letters A, C, G, T in this order: the channels of a one-hot sequence. Lower case counts as
 * upper case (soft-masked repeats); N and the other IUPAC codes are unknown bases; anything else is
 * no DNA.
 */
public final class DnaAlphabet {
  /** Number of channels of a one-hot sequence. */
  public static final int SIZE = 4;

  /** Index of N and the IUPAC codes for several bases. */
  public static final int UNKNOWN = 4;

  /** Index of a character that is no DNA. */
  public static final int INVALID = -1;

  private static final String LETTERS = "ACGTN";
  private static final String AMBIGUOUS = "NRYSWKMBDHV";
  private static final String FROM = "ACGTRYSWKMBDHVN";
  private static final String TO = "TGCAYRSWMKVHDBN";

  private static final byte[] INDEX = new byte[128];
  private static final char[] COMPLEMENT = new char[128];

  static {
    Arrays.fill(INDEX, (byte) INVALID);
    for (int i = 0; i < SIZE; i++) {
      set(INDEX, LETTERS.charAt(i), i);
    }
    for (char code : AMBIGUOUS.toCharArray()) {
      set(INDEX, code, UNKNOWN);
    }
    for (int i = 0; i < FROM.length(); i++) {
      COMPLEMENT[FROM.charAt(i)] = TO.charAt(i);
      COMPLEMENT[Character.toLowerCase(FROM.charAt(i))] = Character.toLowerCase(TO.charAt(i));
    }
  }

  private DnaAlphabet() {}

  private static void set(byte[] table, char letter, int value) {
    table[letter] = (byte) value;
    table[Character.toLowerCase(letter)] = (byte) value;
  }

  /**
   * 0 to 3 for A, C, G, T, {@link #UNKNOWN} for N and IUPAC codes, {@link #INVALID} for anything
   * else.
   */
  public static int index(char letter) {
    return letter < INDEX.length ? INDEX[letter] : INVALID;
  }

  /** The letter of an index 0 to 3, N for {@link #UNKNOWN}. */
  public static char letter(int index) {
    return LETTERS.charAt(index);
  }

  /**
   * The other strand, read in its own direction; case is kept.
   *
   * @throws IllegalArgumentException if a character is no DNA
   */
  public static String reverseComplement(CharSequence sequence) {
    char[] out = new char[sequence.length()];
    for (int i = 0; i < out.length; i++) {
      char letter = sequence.charAt(i);
      if (index(letter) == INVALID) {
        throw new IllegalArgumentException("Unknown base '" + letter + "' at " + (i + 1));
      }
      out[out.length - 1 - i] = COMPLEMENT[letter];
    }
    return new String(out);
  }

  /**
   * The other strand of {@code [length, 4]} numbers: as A, C, G, T complement each other from the
   * ends, all numbers in reverse.
   */
  public static float[] reverseComplement(float[] channelsLast) {
    float[] out = new float[channelsLast.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = channelsLast[out.length - 1 - i];
    }
    return out;
  }
}
