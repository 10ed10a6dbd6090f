package org.deepliftspark.job.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parsers of option values. Messages complete the sentence "expected ...". */
final class Values {
  /** Text of options whose value the program may choose by itself. */
  static final String AUTO = "auto";

  private static final Pattern BYTES = Pattern.compile("(\\d{1,12})([kmgt]?)b?");

  private Values() {}

  static String text(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("a text that is not empty");
    }
    return text;
  }

  static ValueParser<Integer> integerFrom(int least) {
    String allowed = "a whole number of at least " + least;
    return text -> number(text, allowed, Integer::valueOf, value -> value >= least);
  }

  /** A whole number from 1 on, or {@code auto}, which gives 0. */
  static Integer countOrAuto(String text) {
    if (text.equals(AUTO)) {
      return 0;
    }
    return number(
        text, "auto or a whole number of at least 1", Integer::valueOf, value -> value >= 1);
  }

  static Long longNumber(String text) {
    return number(text, "a whole number", Long::valueOf, value -> true);
  }

  static Double fraction(String text) {
    return number(text, "a number from 0 to 1", Double::valueOf, value -> value >= 0 && value <= 1);
  }

  static Double notNegative(String text) {
    return number(
        text,
        "a number of at least 0",
        Double::valueOf,
        value -> value >= 0 && !Double.isInfinite(value));
  }

  static Double positive(String text) {
    return number(
        text,
        "a number greater than 0",
        Double::valueOf,
        value -> value > 0 && !Double.isInfinite(value));
  }

  /** A size such as {@code 512m} or {@code 2g} in bytes, or {@code auto}, which gives 0. */
  static Long bytesOrAuto(String text) {
    if (text.equals(AUTO)) {
      return 0L;
    }
    Matcher matcher = BYTES.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("auto or a size such as 512m or 2g");
    }
    long unit = 1L << (10 * " kmgt".indexOf(matcher.group(2).isEmpty() ? " " : matcher.group(2)));
    long count = Long.parseLong(matcher.group(1));
    if (count > Long.MAX_VALUE / unit) {
      throw new IllegalArgumentException("a size of at most 8388607t");
    }
    return count * unit;
  }

  static Boolean trueOrFalse(String text) {
    return switch (text) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> throw new IllegalArgumentException("true or false");
    };
  }

  /** Finite numbers separated by commas. */
  static List<Float> floats(String text) {
    String allowed = "numbers separated by commas";
    List<Float> numbers = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      numbers.add(number(part, allowed, Float::valueOf, Float::isFinite));
    }
    return numbers;
  }

  /** As {@link #floats}, none of them 0. */
  static List<Float> divisors(String text) {
    List<Float> numbers = floats(text);
    if (numbers.contains(0f)) {
      throw new IllegalArgumentException("numbers other than 0 separated by commas");
    }
    return numbers;
  }

  /** One of two words: false for the first. */
  static ValueParser<Boolean> either(String no, String yes) {
    ValueParser<String> words = oneOf(no, yes);
    return text -> words.parse(text).equals(yes);
  }

  static ValueParser<String> oneOf(String... words) {
    return text -> {
      if (!Arrays.asList(words).contains(text)) {
        throw new IllegalArgumentException("one of " + String.join(", ", words));
      }
      return text;
    };
  }

  /** Constants of an enum, written in lower case with hyphens. */
  static <E extends Enum<E>> ValueParser<E> oneOf(Class<E> type) {
    return text -> {
      for (E constant : type.getEnumConstants()) {
        if (word(constant).equals(text)) {
          return constant;
        }
      }
      throw new IllegalArgumentException("one of " + String.join(", ", words(type)));
    };
  }

  static <E extends Enum<E>> List<String> words(Class<E> type) {
    return Arrays.stream(type.getEnumConstants()).map(Values::word).toList();
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <N extends Number> N number(
      String text, String allowed, ValueParser<N> parser, Predicate<N> test) {
    try {
      N value = parser.parse(text.strip());
      if (test.test(value)) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException(allowed, notANumber);
    }
    throw new IllegalArgumentException(allowed);
  }
}
