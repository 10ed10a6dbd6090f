package org.deepliftspark.engine.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.program.Numbers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The fixtures were written by NumPy: {@code scripts/golden/npy.py}. */
class NpyTest {
  @TempDir Path folder;

  static Stream<String> arraysOfThreeByFourByTwo() {
    List<String> plain =
        List.of(
            "i1",
            "u1",
            "b1",
            "f4_fortran",
            "f8_fortran",
            "u1_fortran",
            "f4_version2",
            "f4_version3");
    Stream<String> orders =
        Stream.of("i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8")
            .flatMap(code -> Stream.of(code + "_little", code + "_big"));
    return Stream.concat(plain.stream(), orders);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("arraysOfThreeByFourByTwo")
  void readsWhatNumpyWrote(String name) {
    NpyArray array = Npy.read(fixture(name));

    assertThat(array.shape()).containsExactly(3, 4, 2);
    assertThat(array.doubles()).containsExactly(expected(name, 0, 24));
    assertThat(array.floats()).hasSize(24);
    assertThat((double) array.floats()[17]).isEqualTo(expected(name, 17, 1)[0]);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("arraysOfThreeByFourByTwo")
  void readsAnySlabOfRows(String name) {
    try (NpyFile file = NpyFile.open(fixture(name))) {
      assertThat(file.rows()).isEqualTo(3);
      assertThat(file.rowShape()).containsExactly(4, 2);
      for (int from = 0; from <= 3; from++) {
        for (int count = 0; from + count <= 3; count++) {
          double[] expected = expected(name, from * 8, count * 8);
          assertThat(file.doubleRows(from, count)).containsExactly(expected);
          assertThat(Numbers.of(file.rows(from, count)).doubles()).containsExactly(expected);
        }
      }
    }
  }

  private static double[] expected(String name, int from, int count) {
    double[] expected = new double[count];
    for (int i = 0; i < count; i++) {
      int k = from + i;
      expected[i] = name.startsWith("b") ? Math.min(k, 1) : name.startsWith("u") ? k : k - 5;
    }
    return expected;
  }

  @Test
  void readsVectorsSingleNumbersAndEmptyArrays() {
    assertThat(Npy.read(fixture("f4_vector")).shape()).containsExactly(5);
    assertThat(Npy.read(fixture("f4_vector")).floats()).containsExactly(-5, -4, -3, -2, -1);
    assertThat(Npy.read(fixture("f4_number")).shape()).isEmpty();
    assertThat(Npy.read(fixture("f4_number")).floats()).containsExactly(-5);
    assertThat(Npy.read(fixture("f4_empty")).shape()).containsExactly(0, 3);
    assertThat(Npy.read(fixture("f4_empty")).floats()).isEmpty();
  }

  @Test
  void readsHalfPrecisionFromZeroToInfinity() {
    assertThat(Npy.read(fixture("f2_special")).floats())
        .containsExactly(
            0f,
            -0f,
            1.5f,
            -2f,
            65504f,
            0x1p-24f,
            0x3ffp-24f,
            0.0999755859375f,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.NaN);
  }

  @Test
  void readsUnsignedIntegersBeyondTheSignBit() {
    assertThat(Npy.read(fixture("u8_special")).doubles()).containsExactly(0, 0x1p63, 0x1p64);
  }

  @Test
  void transposesFortranOrderAcrossManyChunks() throws IOException {
    int rows = 70;
    int columns = 1201;
    String header = "{'descr': '<f8', 'fortran_order': True, 'shape': (70, 1201), }";
    ByteBuffer bytes = ByteBuffer.allocate(128 + rows * columns * 8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) 118);
    bytes.put((header + " ".repeat(118 - header.length())).getBytes(StandardCharsets.ISO_8859_1));
    for (int column = 0; column < columns; column++) {
      for (int row = 0; row < rows; row++) {
        bytes.putDouble(row * columns + column);
      }
    }
    Path path = Files.write(folder.resolve("big.npy"), bytes.array());

    try (NpyFile file = NpyFile.open(path)) {
      for (int from : new int[] {0, 33, 69}) {
        double[] slab = file.doubleRows(from, Math.min(3, rows - from));
        for (int i = 0; i < slab.length; i++) {
          assertThat(slab[i]).isEqualTo((double) from * columns + i);
        }
      }
    }
  }

  @Test
  void writesInPiecesWhatItReadsBack() {
    Path path = folder.resolve("out.npy");
    float[] numbers = new float[60_000];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i * 0.37f - 100;
    }
    try (NpyWriter writer = NpyWriter.create(path, NpyType.F4, 200, 300)) {
      writer.write(numbers, 0, 12_345);
      assertThat(path).doesNotExist();
      writer.write(numbers, 12_345, 60_000 - 12_345);
    }
    NpyArray back = Npy.read(path);
    assertThat(back.shape()).containsExactly(200, 300);
    assertThat(back.floats()).containsExactly(numbers);
    assertThat(folder.toFile().list()).containsExactly("out.npy");
  }

  @Test
  void writesTheBytesNumpyWrites() throws IOException {
    Path path = folder.resolve("f8.npy");
    Npy.write(path, Npy.read(fixture("f8_little")).numbers(), 3, 4, 2);
    assertThat(path).hasSameBinaryContentAs(fixture("f8_little"));
    Npy.write(path, Npy.read(fixture("f4_vector")).floats(), 5);
    assertThat(path).hasSameBinaryContentAs(fixture("f4_vector"));
    Npy.write(path, Npy.read(fixture("f4_number")).floats());
    assertThat(path).hasSameBinaryContentAs(fixture("f4_number"));
  }

  @Test
  void anArrayWithMissingNumbersLeavesNoFile() {
    Path path = folder.resolve("out.npy");
    NpyWriter writer = NpyWriter.create(path, NpyType.F8, 2, 3);
    writer.write(new double[5]);
    assertThatThrownBy(writer::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("5 of 6 numbers written");
    assertThat(folder.toFile().list()).isEmpty();
    assertThatThrownBy(() -> writer.write(new double[1])).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void writingToAFolderThatIsNotThereIsOneLine() {
    assertThatThrownBy(() -> Npy.write(folder.resolve("no/where.npy"), new float[1], 1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageMatching("Cannot write .*where.npy: NoSuchFileException.*");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "c8_unsupported         | unsupported dtype '<c8', expected one of b1, i1, u1, i2",
        "structured_unsupported | structured arrays are not supported",
        "text_unsupported       | unsupported dtype '<U7'",
      })
  void refusesWhatIsNoArrayOfNumbers(String name, String reason) {
    assertThatThrownBy(() -> Npy.read(fixture(name)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot read ")
        .hasMessageContaining(name + ".npy: ")
        .hasMessageContaining(reason);
  }

  @Test
  void refusesTruncatedFilesOfEveryLength() throws IOException {
    byte[] whole = Files.readAllBytes(fixture("f4_little"));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Npy.read(cut, "x.npy"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageMatching("Cannot read x.npy: (not an .npy file|truncated).*");
    }
    assertThatThrownBy(() -> Npy.read(Arrays.copyOf(whole, whole.length + 4), "x.npy"))
        .hasMessage(
            "Cannot read x.npy: has more data than its header says: shape [3, 4, 2] of f4 needs 96 bytes, found 100");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "(2147483647, 2147483647, 1) | is damaged or too big",
        "(99999999999,)              | shape (99999999999,) is damaged or too big",
        "(2147483647, 2147483647, 9) | is damaged or too big",
        "(0, 2147483647, 2147483647, 2147483647) | is damaged or too big",
        "(3, x)                      | the header has no valid 'shape'",
        "(3,,4)                      | is damaged or too big",
        "(1000000,)                  | truncated: shape [1000000] of f4 needs 4000000 bytes, found 96",
      })
  void believesNoSizeThatTheFileDoesNotHold(String shape, String reason) throws IOException {
    byte[] bytes = Files.readAllBytes(fixture("f4_little"));
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
    byte[] text =
        (header + " ".repeat(118 - header.length())).getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(text, 0, bytes, 10, text.length);

    assertThatThrownBy(() -> Npy.read(bytes, "x.npy"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot read x.npy: ")
        .hasMessageContaining(reason);
  }

  @Test
  void anAbsentFileAndAFolderAreOneLineEach() {
    Path absent = folder.resolve("absent.npy");
    assertThatThrownBy(() -> Npy.read(absent))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Cannot read " + absent + ": no such file");
    assertThatThrownBy(() -> Npy.read(folder))
        .hasMessage("Cannot read " + folder + ": it is a directory, expected an .npy file");
  }

  @Test
  void anotherFileFormatIsNamedAsSuch() {
    byte[] hdf5 = "\u0089HDF\r\n\u001a\n and so on".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> Npy.read(hdf5, "m.h5"))
        .hasMessage("Cannot read m.h5: not an .npy file (it does not start with \\x93NUMPY)");
  }

  @Test
  void rowsOutsideTheArrayAreABugOfTheCaller() {
    try (NpyFile file = NpyFile.open(fixture("f4_little"))) {
      assertThatThrownBy(() -> file.rows(2, 2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Invalid rows 2 + 2 of 3");
      assertThatThrownBy(() -> file.rows(-1, 2)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Path fixture(String name) {
    try {
      return Path.of(NpyTest.class.getResource("/npy/" + name + ".npy").toURI());
    } catch (URISyntaxException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
