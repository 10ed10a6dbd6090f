package org.deepliftspark.job.io;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.bytes.ByteSource;
import org.deepliftspark.engine.npy.NpyFile;

/** Reads the arrays of an {@code .npz} file into memory. */
final class NpzFile {
  private static final String SUFFIX = ".npy";

  /** All arrays of a file may take this part of the heap, whatever their compressed size. */
  private static final int PART_OF_HEAP = 4;

  private static final int MOST_NAMES_SHOWN = 20;

  private NpzFile() {}

  /**
   * The arrays of the given names, in their order; a single one may have any name.
   *
   * @param shapes of a row of each
   * @throws InvalidInputException if one is missing, too large, or of another shape, or if they
   *     differ in rows
   */
  static List<NpyFile> open(
      String path, List<String> names, List<int[]> shapes, Configuration configuration) {
    long most = Runtime.getRuntime().maxMemory() / PART_OF_HEAP;
    return open(path, names, shapes, configuration, most);
  }

  /**
   * As {@link #open(String, List, List, Configuration)}.
   *
   * @param most bytes of the arrays together
   */
  static List<NpyFile> open(
      String path, List<String> names, List<int[]> shapes, Configuration configuration, long most) {
    Path file = new Path(path);
    byte[][] found = new byte[names.size()][];
    List<String> there = new ArrayList<>();
    long left = most;
    int arrays = 0;
    boolean named = false;
    try (InputStream raw = file.getFileSystem(configuration).open(file);
        ZipInputStream zip = new ZipInputStream(raw)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName().replaceFirst("\\.npy$", "");
        if (there.size() <= MOST_NAMES_SHOWN) {
          there.add(there.size() == MOST_NAMES_SHOWN ? "..." : name);
        }
        if (!entry.getName().endsWith(SUFFIX)) {
          continue;
        }
        arrays++;
        named |= names.contains(name);
        int at = names.size() == 1 && arrays == 1 ? 0 : names.indexOf(name);
        if (at >= 0) {
          byte[] array = zip.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, left + 1));
          left -= array.length;
          if (left < 0) {
            throw tooLarge(file.getName() + " " + name, most);
          }
          found[at] = array;
        }
      }
    } catch (IOException | IllegalArgumentException e) { // names that are no text
      throw new InvalidInputException("Cannot read " + file.getName() + ": " + e.getMessage(), e);
    }
    int missing = Arrays.asList(found).indexOf(null);
    if (missing < 0 && arrays > 1 && !named) {
      missing = 0; // which of several is the input's, nobody knows
    }
    if (missing >= 0) {
      throw new InvalidInputException(
          "Cannot score "
              + file.getName()
              + ": no array is called "
              + names.get(missing)
              + ", as the model's input is; arrays: "
              + String.join(", ", there));
    }
    return checked(file.getName(), names, shapes, found);
  }

  private static List<NpyFile> checked(
      String file, List<String> names, List<int[]> shapes, byte[][] found) {
    List<NpyFile> arrays = new ArrayList<>();
    for (int i = 0; i < found.length; i++) {
      String name = file + " " + names.get(i);
      NpyFile array = NpyFile.open(ByteSource.of(found[i]), name);
      ArraySource.check(array, name, shapes.get(i));
      arrays.add(array);
      if (array.rows() != arrays.get(0).rows()) {
        throw new InvalidInputException(
            "Cannot score "
                + file
                + ": "
                + names.get(0)
                + " has "
                + arrays.get(0).rows()
                + " rows and "
                + names.get(i)
                + " has "
                + array.rows());
      }
    }
    return arrays;
  }

  private static InvalidInputException tooLarge(String name, long most) {
    return new InvalidInputException(
        "Cannot read "
            + name
            + ": with the arrays before it more than "
            + (most >> 20)
            + " MB uncompressed; save it as .npy, or in several files");
  }
}
