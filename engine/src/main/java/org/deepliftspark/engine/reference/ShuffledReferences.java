package org.deepliftspark.engine.reference;

import java.util.Arrays;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Shape;

/**
 * Shuffles of the row itself. A position is everything but the last axis; its vector of channels
 * moves as a whole. It is a letter if one channel is 1 and the others are 0, and unknown if all are
 * 0 or it equals {@code unknown}.
 */
final class ShuffledReferences implements ReferenceGenerator {
  private static final long serialVersionUID = 1L;

  private static final int NO_LETTER = -1;

  private final ReferenceSpec.ShuffleKind kind;
  private final PositionShuffle shuffle;
  private final int count;
  private final float[] unknown;

  ShuffledReferences(ReferenceSpec.ShuffleKind kind, int count, float[] unknown) {
    this.kind = kind;
    this.shuffle = kind.shuffle();
    this.count = count;
    this.unknown = unknown;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public boolean shared() {
    return false;
  }

  @Override
  public float[] shared(Shape shape) {
    throw new IllegalStateException("The references of " + kind.key() + " depend on the row");
  }

  @Override
  public void generate(float[] row, Shape shape, long rowSeed, float[] out, int offset) {
    int channels = shape.rank() < 2 ? 1 : shape.dim(-1);
    int[] letters = letters(row, shape, channels);
    PositionShuffle.Sampler sampler = shuffle.sampler(letters, channels, rowSeed);
    int[] order = new int[letters.length];
    int to = offset;
    for (int reference = 0; reference < count; reference++) {
      sampler.next(order);
      for (int position : order) {
        int from = position * channels;
        for (int channel = 0; channel < channels; channel++) {
          out[to++] = row[from + channel];
        }
      }
    }
  }

  /** Numbers that are no letters all pass as letter 0, so that every position can go anywhere. */
  private int[] letters(float[] row, Shape shape, int channels) {
    int[] letters = new int[shape.size() / channels];
    for (int position = 0; position < letters.length; position++) {
      int letter = channels == 1 ? NO_LETTER : letter(row, position * channels, channels);
      if (letter == NO_LETTER && shuffle.needsLetters()) {
        throw new InvalidInputException(
            "%s needs a one-hot sequence: position %d of input %s holds %s; use mono-shuffle or another reference"
                .formatted(
                    kind.key(), position + 1, shape, shown(row, position * channels, channels)));
      }
      if (letter == NO_LETTER) {
        Arrays.fill(letters, 0);
        return letters;
      }
      letters[position] = letter;
    }
    return letters;
  }

  private int letter(float[] row, int from, int channels) {
    int letter = channels;
    boolean oneHot = true;
    boolean isUnknown = unknown != null && unknown.length == channels;
    for (int channel = 0; channel < channels; channel++) {
      float value = row[from + channel];
      isUnknown = isUnknown && value == unknown[channel];
      if (value == 1 && letter == channels) {
        letter = channel;
      } else if (value != 0) {
        oneHot = false;
      }
    }
    if (isUnknown) {
      return channels;
    }
    return oneHot ? letter : NO_LETTER;
  }

  private static String shown(float[] row, int from, int channels) {
    int most = 6;
    String numbers =
        Arrays.toString(Arrays.copyOfRange(row, from, from + Math.min(channels, most)));
    return channels > most ? numbers.replace("]", ", ...]") : numbers;
  }
}
