package org.deepliftspark.engine.npy;

import java.nio.file.Path;
import org.deepliftspark.engine.bytes.ByteSource;
import org.deepliftspark.engine.program.Numbers;

/**
 * Whole {@code .npy} arrays in one call; {@link NpyFile} and {@link NpyWriter} do the same in
 * slabs.
 */
public final class Npy {
  private Npy() {}

  /**
   * @throws org.deepliftspark.engine.InvalidInputException if the file is absent, damaged, not an
   *     array of numbers, or does not fit into memory
   */
  public static NpyArray read(Path path) {
    try (NpyFile file = NpyFile.open(path)) {
      return read(file);
    }
  }

  /**
   * @param name where the bytes came from, for messages
   */
  public static NpyArray read(byte[] bytes, String name) {
    try (NpyFile file = NpyFile.open(ByteSource.of(bytes), name)) {
      return read(file);
    }
  }

  private static NpyArray read(NpyFile file) {
    Numbers numbers =
        switch (file.type()) {
          case F8, I4, U4, I8, U8 -> Numbers.of(file.doubleRows(0, file.rows()));
          case F4, F2, I2, U2, I1, U1, BOOL -> Numbers.of(file.rows(0, file.rows()));
        };
    return new NpyArray(file.shape(), numbers);
  }

  /** Writes f8 if the numbers are double, f4 otherwise. */
  public static void write(Path path, Numbers numbers, int... shape) {
    try (NpyWriter writer =
        NpyWriter.create(path, numbers.isDouble() ? NpyType.F8 : NpyType.F4, shape)) {
      writer.write(numbers);
    }
  }

  public static void write(Path path, float[] numbers, int... shape) {
    write(path, Numbers.of(numbers), shape);
  }
}
