package org.deepliftspark.engine.npy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.bytes.ByteSource;

/**
 * What precedes the numbers of an {@code .npy} file: magic, version, length, and a Python
 * dictionary with {@code descr}, {@code fortran_order} and {@code shape} (numpy.lib.format,
 * versions 1.0, 2.0 and 3.0).
 *
 * @param dataOffset position of the first number, in bytes
 */
record NpyHeader(
    NpyType type, ByteOrder order, boolean fortranOrder, int[] shape, long dataOffset) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /**
   * Far above what a header of numbers needs; a damaged length must not lead to a big allocation.
   */
  private static final int MAX_LENGTH = 1 << 16;

  private static final int ALIGNMENT = 64;

  private static final String KEY = "['\"]%s['\"]\\s*:\\s*";
  private static final Pattern DESCR =
      Pattern.compile(KEY.formatted("descr") + "(['\"]([^'\"]*)['\"]|\\[)");
  private static final Pattern FORTRAN =
      Pattern.compile(KEY.formatted("fortran_order") + "(True|False)\\b");
  private static final Pattern SHAPE =
      Pattern.compile(KEY.formatted("shape") + "\\(([0-9L,\\s]*)\\)");

  /** Number of elements. */
  long size() {
    long size = 1;
    for (int dim : shape) {
      size *= dim;
    }
    return size;
  }

  /**
   * Reads and checks a header; no more than the source holds is ever promised by what comes back.
   *
   * @throws InvalidInputException if this is no array of numbers, or its data is shorter or longer
   *     than its header says
   */
  static NpyHeader read(ByteSource source, String name) throws IOException {
    long available = source.size();
    if (available < 10) {
      throw broken(name, "not an .npy file (" + available + " bytes)");
    }
    ByteBuffer start = bytes(source, 0, (int) Math.min(12, available));
    byte[] magic = new byte[MAGIC.length];
    start.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw broken(name, "not an .npy file (it does not start with \\x93NUMPY)");
    }
    int version = start.get();
    start.get();
    if (version < 1 || version > 3 || version > 1 && available < 12) {
      throw broken(name, "unknown .npy version " + version + ", expected 1 to 3");
    }
    long length = version == 1 ? start.getShort() & 0xFFFF : start.getInt() & 0xFFFFFFFFL;
    int offset = start.position();
    if (length > MAX_LENGTH || offset + length > available) {
      throw broken(
          name, "truncated or damaged: a header of " + length + " bytes in a file of " + available);
    }
    Charset charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    String text = new String(bytes(source, offset, (int) length).array(), charset);
    NpyHeader header = parse(text, offset + length, name);
    header.requireData(available - offset - length, name);
    return header;
  }

  private static NpyHeader parse(String text, long dataOffset, String name) {
    Matcher descr = find(DESCR, "descr", text, name);
    if (descr.group(2) == null) {
      throw broken(name, "structured arrays are not supported, save one plain array of numbers");
    }
    String code = descr.group(2);
    NpyType type =
        code.length() < 2 || "<>|=".indexOf(code.charAt(0)) < 0
            ? null
            : NpyType.of(code.substring(1));
    if (type == null) {
      throw broken(
          name,
          "unsupported dtype '"
              + code
              + "', expected one of "
              + codes()
              + " (in NumPy: .astype('f4'))");
    }
    boolean bigEndian = code.charAt(0) == '>';
    boolean fortran = find(FORTRAN, "fortran_order", text, name).group(1).equals("True");
    int[] shape = dims(find(SHAPE, "shape", text, name).group(1), name);
    return new NpyHeader(
        type,
        bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
        fortran,
        shape,
        dataOffset);
  }

  private static Matcher find(Pattern pattern, String key, String text, String name) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw broken(name, "the header has no valid '" + key + "'");
    }
    return matcher;
  }

  /**
   * Dimensions of {@code 3, 4} or {@code 3L,}: no product of them overflows a long, even where one
   * is 0.
   */
  private static int[] dims(String tuple, String name) {
    String[] parts = tuple.isBlank() ? new String[0] : tuple.split(",");
    if (parts.length > 0 && parts[parts.length - 1].isBlank()) {
      parts = Arrays.copyOf(parts, parts.length - 1);
    }
    int[] dims = new int[parts.length];
    try {
      long size = 1;
      for (int axis = 0; axis < dims.length; axis++) {
        String digits = parts[axis].strip();
        dims[axis] =
            Integer.parseInt(
                digits.endsWith("L") ? digits.substring(0, digits.length() - 1) : digits);
        size = Math.multiplyExact(size, Math.max(1, dims[axis]));
      }
      Math.multiplyExact(size, Double.BYTES);
    } catch (NumberFormatException | ArithmeticException e) {
      throw broken(name, "shape (" + tuple.strip() + ") is damaged or too big", e);
    }
    return dims;
  }

  private void requireData(long available, String name) {
    long expected = size() * type.bytes();
    if (available != expected) {
      String what = available < expected ? "truncated" : "has more data than its header says";
      throw broken(
          name,
          "%s: shape %s of %s needs %d bytes, found %d"
              .formatted(what, Arrays.toString(shape), type.code(), expected, available));
    }
  }

  /**
   * The header in version 1.0, padded as NumPy does so that the numbers start at a multiple of 64.
   */
  static byte[] write(NpyType type, int[] shape) {
    String dims =
        Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    String tuple = shape.length == 1 ? "(" + dims + ",)" : "(" + dims + ")";
    String text =
        "{'descr': '<%s', 'fortran_order': False, 'shape': %s, }".formatted(type.code(), tuple);
    int fixed = MAGIC.length + 4;
    int length = (fixed + text.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT - fixed;
    ByteBuffer header = ByteBuffer.allocate(fixed + length).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) length);
    header.put(text.getBytes(StandardCharsets.ISO_8859_1));
    while (header.remaining() > 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').array();
  }

  private static ByteBuffer bytes(ByteSource source, long position, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    source.read(position, buffer);
    return buffer.flip();
  }

  private static String codes() {
    return Arrays.stream(NpyType.values()).map(NpyType::code).collect(Collectors.joining(", "));
  }

  private static InvalidInputException broken(String name, String reason) {
    return new InvalidInputException("Cannot read " + name + ": " + reason);
  }

  private static InvalidInputException broken(String name, String reason, Exception cause) {
    return new InvalidInputException("Cannot read " + name + ": " + reason, cause);
  }
}
