package org.deepliftspark.job.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Changes bytes without knowing the format: bits, numbers at their borders in either byte order,
 * chunks moved, doubled, cut out and overwritten, words of a dictionary, ends cut off. Most changes
 * are made near places that the format marks, where its sizes stand.
 */
final class ByteMutator implements Mutator {
  private static final int MOST_CHANGES = 6;
  private static final int NEAR = 96;
  private static final int MOST_CHUNK = 4096;

  private final List<byte[]> marks;
  private final List<byte[]> dictionary;

  /**
   * @param marks byte strings before which or after which sizes stand; the file's start is one
   * @param dictionary byte strings to put in
   */
  ByteMutator(List<byte[]> marks, List<byte[]> dictionary) {
    this.marks = List.copyOf(marks);
    this.dictionary = List.copyOf(dictionary);
  }

  @Override
  public byte[] mutate(byte[] file, SplittableRandom random) {
    byte[] changed = file.clone();
    List<Integer> places = places(file);
    int changes = 1 + random.nextInt(1 + random.nextInt(MOST_CHANGES));
    for (int i = 0; i < changes && changed.length > 0; i++) {
      changed = change(changed, place(changed.length, places, random), random);
    }
    return changed;
  }

  private List<Integer> places(byte[] file) {
    List<Integer> places = new ArrayList<>(List.of(0));
    for (byte[] mark : marks) {
      for (int at = 0; at + mark.length <= file.length; at++) {
        if (file[at] == mark[0]
            && Arrays.equals(file, at, at + mark.length, mark, 0, mark.length)) {
          places.add(at);
        }
      }
    }
    return places;
  }

  private static int place(int length, List<Integer> places, SplittableRandom random) {
    int anywhere = random.nextInt(length);
    if (random.nextInt(4) == 0) {
      return anywhere;
    }
    return Math.min(length - 1, Mutator.pick(places, random) + random.nextInt(NEAR));
  }

  private byte[] change(byte[] file, int at, SplittableRandom random) {
    int chunk = Math.min(file.length - at, 1 + random.nextInt(1 + random.nextInt(MOST_CHUNK)));
    switch (random.nextInt(9)) {
      case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> file[at] = (byte) random.nextInt(256);
      case 2, 3 -> putNumber(file, at, random);
      case 4 -> {
        int from = random.nextInt(file.length - chunk + 1);
        System.arraycopy(file, from, file, at, chunk);
      }
      case 5 -> {
        return joined(file, at, Arrays.copyOfRange(file, at, at + chunk), at);
      }
      case 6 -> {
        return joined(file, at, new byte[0], at + chunk);
      }
      case 7 -> {
        byte[] word = dictionary.isEmpty() ? new byte[chunk] : Mutator.pick(dictionary, random);
        int rest = random.nextBoolean() ? at : Math.min(file.length, at + word.length);
        return joined(file, at, word, rest);
      }
      default -> {
        return random.nextBoolean() ? Arrays.copyOf(file, at) : filled(file, at, chunk, random);
      }
    }
    return file;
  }

  private static void putNumber(byte[] file, int at, SplittableRandom random) {
    long number = Hostile.number(file.length, random);
    ByteOrder order = random.nextInt(4) == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    ByteBuffer buffer = ByteBuffer.wrap(file).order(order);
    int room = file.length - at;
    int width = 1 << random.nextInt(4);
    if (width == 8 && room >= 8) {
      buffer.putLong(at, number);
    } else if (width == 4 && room >= 4) {
      buffer.putInt(at, (int) number);
    } else if (width == 2 && room >= 2) {
      buffer.putShort(at, (short) number);
    } else {
      file[at] = (byte) number;
    }
  }

  private static byte[] filled(byte[] file, int at, int chunk, SplittableRandom random) {
    Arrays.fill(file, at, at + chunk, (byte) (random.nextBoolean() ? 0 : 0xFF));
    return file;
  }

  /** The file up to a place, then a word, then the file from another place on. */
  private static byte[] joined(byte[] file, int end, byte[] word, int from) {
    byte[] out = Arrays.copyOf(file, end + word.length + file.length - from);
    System.arraycopy(word, 0, out, end, word.length);
    System.arraycopy(file, from, out, end + word.length, file.length - from);
    return out;
  }
}
