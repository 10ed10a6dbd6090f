package org.deepliftspark.job.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Changes an HDF5 file near the headers of its objects, or the JSON in it: a document that became
 * no longer takes the place of the old one, blanks fill the rest.
 */
final class Hdf5Mutator implements Mutator {
  private static final byte[] JSON_START = "{\"class_name\":".getBytes(StandardCharsets.UTF_8);
  private static final int TRIES = 8;

  private final ByteMutator bytes =
      new ByteMutator(
          List.of(
              ascii("TREE"),
              ascii("SNOD"),
              ascii("HEAP"),
              ascii("OHDR"),
              ascii("GCOL"),
              ascii("FRHP"),
              ascii("FHDB"),
              ascii("BTHD"),
              ascii("OCHK"),
              ascii("model_config"),
              ascii("weight_names"),
              ascii("layer_names"),
              ascii("kernel")),
          List.of(ascii("TREE"), ascii("SNOD"), ascii("OHDR"), ascii("kernel:0"), new byte[8]));
  private final JsonMutator json;

  Hdf5Mutator(JsonMutator json) {
    this.json = json;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public byte[] mutate(byte[] file, SplittableRandom random) {
    int start = random.nextBoolean() ? start(file) : -1;
    if (start < 0) {
      return bytes.mutate(file, random);
    }
    int end = end(file, start);
    byte[] document = Arrays.copyOfRange(file, start, end);
    for (int i = 0; i < TRIES; i++) {
      byte[] changed = json.mutate(document, random);
      if (changed.length <= document.length) {
        byte[] out = file.clone();
        Arrays.fill(out, start, end, (byte) ' ');
        System.arraycopy(changed, 0, out, start, changed.length);
        return out;
      }
    }
    return bytes.mutate(file, random);
  }

  /** The architecture in a file, as JSON; null if it has none. */
  static byte[] architecture(byte[] file) {
    int start = start(file);
    return start < 0 ? null : Arrays.copyOfRange(file, start, end(file, start));
  }

  /** Where the longest document begins, which is the architecture; -1 if there is none. */
  private static int start(byte[] file) {
    int found = -1;
    for (int at = 0; at + JSON_START.length <= file.length; at++) {
      boolean here =
          Arrays.equals(file, at, at + JSON_START.length, JSON_START, 0, JSON_START.length);
      if (here && (found < 0 || at >= end(file, found))) {
        found = found < 0 || end(file, at) - at > end(file, found) - found ? at : found;
      }
    }
    return found;
  }

  /** Where the braces of a document close; those within texts are as many. */
  private static int end(byte[] file, int start) {
    int depth = 0;
    for (int at = start; at < file.length; at++) {
      depth += file[at] == '{' ? 1 : file[at] == '}' ? -1 : 0;
      if (depth == 0) {
        return at + 1;
      }
    }
    return file.length;
  }
}
