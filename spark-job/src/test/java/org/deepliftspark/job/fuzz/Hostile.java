package org.deepliftspark.job.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** Values that parsers are known to stumble over. */
final class Hostile {
  /** Part of every path that leads out of a folder; no file of this name may ever be written. */
  static final String ESCAPE = "deeplift-fuzz-escape";

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\u0000",
          "\r",
          "\uFEFF",
          "\uD800",
          "\u202E",
          "../" + ESCAPE,
          "../../" + ESCAPE,
          "/tmp/" + ESCAPE,
          "..\\" + ESCAPE,
          "file:///etc/passwd",
          "/dev/zero",
          "<script>alert(1)</script>",
          "=cmd|' /C calc'!A0",
          "%s%n%x",
          "${jndi:ldap://127.0.0.1/x}",
          "null",
          "NaN",
          "-Infinity",
          "1e999",
          "0x7fffffff",
          "-1",
          "0",
          "2147483647",
          "2147483648",
          "-2147483648",
          "4294967295",
          "9223372036854775807",
          "-9223372036854775808",
          "99999999999999999999999999",
          "1.5",
          "['a', 'b']",
          "{",
          "A".repeat(300),
          "A".repeat(100_000));

  private Hostile() {}

  static String text(SplittableRandom random) {
    return Mutator.pick(TEXTS, random);
  }

  /** Texts as bytes, for dictionaries. */
  static List<byte[]> texts() {
    return TEXTS.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  /**
   * A number at a border of its type, or beside a size.
   *
   * @param size of the file, which sizes within it are compared with
   */
  static long number(long size, SplittableRandom random) {
    return switch (random.nextInt(16)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> 1;
      case 3 -> Byte.MAX_VALUE;
      case 4 -> Short.MAX_VALUE + 1;
      case 5 -> Integer.MAX_VALUE;
      case 6 -> Integer.MIN_VALUE;
      case 7 -> 0xFFFFFFFFL;
      case 8 -> 1L << 32;
      case 9 -> Long.MAX_VALUE;
      case 10 -> Long.MIN_VALUE;
      case 11 -> size;
      case 12 -> size + 1;
      case 13 -> size - 1;
      case 14 -> 1L << random.nextInt(63);
      default -> random.nextInt(1 << 16);
    };
  }
}
