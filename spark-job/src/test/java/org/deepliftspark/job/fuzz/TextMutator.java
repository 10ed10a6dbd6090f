package org.deepliftspark.job.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Changes lines and the fields of lines. */
final class TextMutator implements Mutator {
  private static final int MOST_CHANGES = 5;
  private static final int MOST_REPEATS = 200;

  private final String separators;
  private final List<String> words;

  /**
   * @param separators of fields
   * @param words of the format
   */
  TextMutator(String separators, String... words) {
    this.separators = separators;
    this.words = List.of(words);
  }

  @Override
  public byte[] mutate(byte[] file, SplittableRandom random) {
    String text = new String(file, StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
    int changes = 1 + random.nextInt(1 + random.nextInt(MOST_CHANGES));
    for (int i = 0; i < changes && !lines.isEmpty(); i++) {
      change(lines, random.nextInt(lines.size()), random);
    }
    String end = random.nextInt(8) == 0 ? "\r\n" : "\n";
    return String.join(end, lines).getBytes(StandardCharsets.UTF_8);
  }

  private void change(List<String> lines, int at, SplittableRandom random) {
    switch (random.nextInt(8)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
      case 2 -> lines.set(at, lines.get(at).repeat(1 + random.nextInt(20)));
      case 3 -> lines.set(at, lines.get(at).substring(0, lines.get(at).length() / 2));
      case 4 -> lines.set(at, word(random).repeat(1 + random.nextInt(3)));
      case 5 -> {
        int copies =
            Math.min(random.nextInt(MOST_REPEATS), (1 << 20) / (1 + lines.get(at).length()));
        for (int i = 0; i < copies; i++) {
          lines.add(at, lines.get(at));
        }
      }
      default -> lines.set(at, changedField(lines.get(at), random));
    }
  }

  private String changedField(String line, SplittableRandom random) {
    List<String> parts =
        new ArrayList<>(Arrays.asList(line.split("(?<=[" + Pattern.quote(separators) + "])", -1)));
    int at = random.nextInt(parts.size());
    String part = parts.get(at);
    boolean ended =
        !part.isEmpty()
            && part.substring(part.length() - 1).matches("[" + Pattern.quote(separators) + "]");
    String end = ended ? part.substring(part.length() - 1) : "";
    parts.set(at, random.nextInt(4) == 0 ? "" : word(random) + end);
    return parts.stream().collect(Collectors.joining());
  }

  private String word(SplittableRandom random) {
    return switch (random.nextInt(3)) {
      case 0 -> Long.toString(Hostile.number(1 << 10, random));
      case 1 -> words.isEmpty() ? "" : Mutator.pick(words, random);
      default -> Hostile.text(random);
    };
  }
}
