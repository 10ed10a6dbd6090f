package org.deepliftspark.engine.reference;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.Suggestion;

/**
 * What the option {@code --references} says of one input. {@code toString} gives the option's text
 * back, defaults filled in.
 */
public sealed interface ReferenceSpec extends Serializable {
  /** References per row of a shuffle where the option does not say. */
  int DEFAULT_COUNT = 20;

  /** The option's forms, for messages and help. */
  String FORMS =
      "zeros, background[:A,C,G,T], dinuc-shuffle[:N], deeplift-dinuc[:N], mono-shuffle[:N], npy:PATH, PATH.npy, table:PATH, hold";

  /**
   * @throws InvalidInputException if the text has none of the {@link #FORMS}
   */
  static ReferenceSpec parse(String text) {
    String option = text.strip();
    int colon = option.indexOf(':');
    String key = colon < 0 ? option : option.substring(0, colon);
    String value = colon < 0 ? null : option.substring(colon + 1).strip();
    Optional<ShuffleKind> shuffle = ShuffleKind.of(key);
    if (shuffle.isPresent()) {
      return new Shuffle(shuffle.get(), value == null ? DEFAULT_COUNT : count(value, option));
    }
    return switch (key) {
      case "zeros" -> without(value, new Zeros(), option);
      case "hold" -> without(value, new Hold(), option);
      case "background" -> new Background(value == null ? List.of() : numbers(value, option));
      case "npy" -> new Npy(path(value, option));
      case "table" -> new Table(path(value, option));
      default -> plainPath(key, option);
    };
  }

  private static ReferenceSpec plainPath(String key, String option) {
    if (option.toLowerCase(Locale.ROOT).endsWith(".npy")) {
      return new Npy(option);
    }
    List<String> keys = new ArrayList<>(List.of("zeros", "hold", "background", "npy", "table"));
    Arrays.stream(ShuffleKind.values()).map(ShuffleKind::key).forEach(keys::add);
    String nearest =
        Suggestion.nearest(key, keys).map(near -> "Did you mean " + near + "? ").orElse("");
    throw new InvalidInputException(
        "Unknown references '" + option + "'. " + nearest + "Expected one of " + FORMS);
  }

  private static ReferenceSpec without(String value, ReferenceSpec spec, String option) {
    if (value != null) {
      throw new InvalidInputException(
          "Invalid references '" + option + "': " + spec + " takes no value");
    }
    return spec;
  }

  private static String path(String value, String option) {
    if (value == null || value.isEmpty()) {
      throw new InvalidInputException(
          "Invalid references '" + option + "': expected a path after the colon");
    }
    return value;
  }

  private static int count(String value, String option) {
    try {
      int count = Integer.parseInt(value);
      if (count > 0) {
        return count;
      }
    } catch (NumberFormatException e) {
      // Said below, together with numbers that are not positive.
    }
    throw new InvalidInputException(
        "Invalid references '"
            + option
            + "': expected a number of references above 0, found '"
            + value
            + "'");
  }

  private static List<Float> numbers(String value, String option) {
    List<Float> numbers = new ArrayList<>();
    for (String part : value.split(",", -1)) {
      try {
        float number = Float.parseFloat(part.strip());
        if (!Float.isFinite(number)) {
          throw new NumberFormatException(part);
        }
        numbers.add(number);
      } catch (NumberFormatException e) {
        throw new InvalidInputException(
            "Invalid references '"
                + option
                + "': expected one number per channel separated by commas, found '"
                + part
                + "'",
            e);
      }
    }
    return numbers;
  }

  /** All zeros. */
  record Zeros() implements ReferenceSpec {
    @Override
    public String toString() {
      return "zeros";
    }
  }

  /**
   * The same numbers at every position.
   *
   * @param numbers one per channel; empty for equal ones that sum to 1
   */
  record Background(List<Float> numbers) implements ReferenceSpec {
    public Background {
      numbers = List.copyOf(numbers);
    }

    public boolean uniform() {
      return numbers.isEmpty();
    }

    @Override
    public String toString() {
      return uniform()
          ? "background"
          : numbers.stream()
              .map(String::valueOf)
              .collect(Collectors.joining(",", "background:", ""));
    }
  }

  /** Shuffles of the row itself, {@code count} per row. */
  record Shuffle(ShuffleKind kind, int count) implements ReferenceSpec {
    @Override
    public String toString() {
      return kind.key() + ":" + count;
    }
  }

  /** An array {@code [1 or rows, references, shape...]} in a file. */
  record Npy(String path) implements ReferenceSpec {
    @Override
    public String toString() {
      return "npy:" + path;
    }
  }

  /** References in a table, by row id. */
  record Table(String path) implements ReferenceSpec {
    @Override
    public String toString() {
      return "table:" + path;
    }
  }

  /** The input is its own reference: it gets no contributions. */
  record Hold() implements ReferenceSpec {
    @Override
    public String toString() {
      return "hold";
    }
  }

  /** The ways to shuffle. */
  enum ShuffleKind {
    DINUCLEOTIDE("dinuc-shuffle"),
    DEEPLIFT_DINUCLEOTIDE("deeplift-dinuc"),
    MONONUCLEOTIDE("mono-shuffle");

    private final String key;

    ShuffleKind(String key) {
      this.key = key;
    }

    /** As the option writes it. */
    public String key() {
      return key;
    }

    PositionShuffle shuffle() {
      return switch (this) {
        case DINUCLEOTIDE -> new DinucleotideShuffle();
        case DEEPLIFT_DINUCLEOTIDE -> new DeepliftDinucleotideShuffle();
        case MONONUCLEOTIDE -> new MononucleotideShuffle();
      };
    }

    static Optional<ShuffleKind> of(String key) {
      return Arrays.stream(values()).filter(kind -> kind.key.equals(key)).findFirst();
    }
  }
}
