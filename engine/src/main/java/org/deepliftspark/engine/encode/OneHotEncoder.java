package org.deepliftspark.engine.encode;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.deepliftspark.engine.InvalidInputException;

/**
 * Turns DNA into the {@code [length, 4]} numbers of a model, channels-last in the order A, C, G, T.
 * Immutable; any number of threads.
 */
public final class OneHotEncoder implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int length;
  private final LengthPolicy lengthPolicy;
  private final UnknownBase unknownBase;
  private final float[] unknown;

  private OneHotEncoder(
      int length, LengthPolicy lengthPolicy, UnknownBase unknownBase, float[] unknown) {
    this.length = length;
    this.lengthPolicy = lengthPolicy;
    this.unknownBase = unknownBase;
    this.unknown = unknown;
  }

  /**
   * @param length the model's, in bases
   * @param background frequencies of A, C, G, T, used for {@link UnknownBase#BACKGROUND} only; null
   *     for equal ones
   */
  public static OneHotEncoder of(
      int length, LengthPolicy lengthPolicy, UnknownBase unknownBase, float[] background) {
    if (length <= 0) {
      throw new IllegalArgumentException("Invalid length " + length);
    }
    float[] unknown = new float[DnaAlphabet.SIZE];
    if (unknownBase == UnknownBase.BACKGROUND) {
      if (background != null && background.length != DnaAlphabet.SIZE) {
        throw new InvalidInputException(
            "Invalid background: expected 4 frequencies (A, C, G, T), found " + background.length);
      }
      Arrays.fill(unknown, 1f / DnaAlphabet.SIZE);
      unknown = background == null ? unknown : background.clone();
    }
    return new OneHotEncoder(length, lengthPolicy, unknownBase, unknown);
  }

  /** Bases that the model reads. */
  public int length() {
    return length;
  }

  /**
   * The four numbers that stand for an unknown base or padding: zeros, or background frequencies.
   */
  public float[] unknownRow() {
    return unknown.clone();
  }

  /** As {@link #encode(String)}, of ASCII letters. */
  public EncodedSequence encode(byte[] sequence) {
    return encode(sequence == null ? null : new String(sequence, StandardCharsets.ISO_8859_1));
  }

  /**
   * Fits a sequence to the model's length, then encodes it. Only bases that are scored are looked
   * at; positions in reasons count from 1 in the sequence as given. Padding is encoded as an
   * unknown base, also under {@link UnknownBase#REJECT} (as zeros).
   */
  public EncodedSequence encode(String sequence) {
    if (sequence == null || sequence.isEmpty()) {
      return EncodedSequence.rejected(Rejection.Kind.MISSING_SEQUENCE, "no sequence");
    }
    int given = sequence.length();
    if (!fits(given)) {
      return EncodedSequence.rejected(
          Rejection.Kind.LENGTH, "length " + given + ", model expects " + length);
    }
    int offset = lengthPolicy == LengthPolicy.CENTER ? centered(given) : 0;
    byte[] letters = new byte[length];
    float[] numbers = new float[length * DnaAlphabet.SIZE];
    for (int position = 0; position < length; position++) {
      int at = position + offset;
      boolean padding = at < 0 || at >= given;
      int index = padding ? DnaAlphabet.UNKNOWN : DnaAlphabet.index(sequence.charAt(at));
      if (index == DnaAlphabet.INVALID
          || index == DnaAlphabet.UNKNOWN && !padding && unknownBase == UnknownBase.REJECT) {
        return unknownBase(sequence.charAt(at), at);
      }
      letters[position] = (byte) DnaAlphabet.letter(index);
      put(index, numbers, position * DnaAlphabet.SIZE);
    }
    return new EncodedSequence(
        new String(letters, StandardCharsets.ISO_8859_1), numbers, offset, null);
  }

  private boolean fits(int given) {
    return switch (lengthPolicy) {
      case REJECT -> given == length;
      case CENTER -> true;
      case PAD -> given <= length;
    };
  }

  /** Rounded towards zero: an odd base is cropped, or padded, at the right end. */
  private int centered(int given) {
    return (given - length) / 2;
  }

  private static EncodedSequence unknownBase(char letter, int at) {
    String shown =
        letter > ' ' && letter < 127 ? String.valueOf(letter) : "\\u%04x".formatted((int) letter);
    return EncodedSequence.rejected(
        Rejection.Kind.UNKNOWN_BASE, "unknown base '" + shown + "' at " + (at + 1));
  }

  private void put(int index, float[] numbers, int at) {
    if (index < DnaAlphabet.SIZE) {
      numbers[at + index] = 1;
    } else if (unknownBase == UnknownBase.BACKGROUND) {
      System.arraycopy(unknown, 0, numbers, at, DnaAlphabet.SIZE);
    }
  }

  /**
   * The letters of {@code [length, 4]} numbers: a base where one channel is 1 and the others are 0,
   * N where all are 0.
   *
   * @throws InvalidInputException if a position is neither
   */
  public static String decode(float[] channelsLast) {
    char[] letters = new char[channelsLast.length / DnaAlphabet.SIZE];
    for (int position = 0; position < letters.length; position++) {
      int index = index(channelsLast, position * DnaAlphabet.SIZE);
      if (index == DnaAlphabet.INVALID) {
        int at = position * DnaAlphabet.SIZE;
        throw new InvalidInputException(
            "Invalid one-hot sequence: position "
                + (position + 1)
                + " holds "
                + Arrays.toString(Arrays.copyOfRange(channelsLast, at, at + DnaAlphabet.SIZE)));
      }
      letters[position] = DnaAlphabet.letter(index);
    }
    return new String(letters);
  }

  /**
   * Index of the base whose one-hot row begins at {@code at}: 0 to 3, unknown if all four are 0,
   * otherwise invalid.
   */
  public static int index(float[] channelsLast, int at) {
    int index = DnaAlphabet.UNKNOWN;
    for (int channel = 0; channel < DnaAlphabet.SIZE; channel++) {
      float value = channelsLast[at + channel];
      if (value == 1 && index == DnaAlphabet.UNKNOWN) {
        index = channel;
      } else if (value != 0) {
        return DnaAlphabet.INVALID;
      }
    }
    return index;
  }
}
