package org.deepliftspark.job.evaluate;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deepliftspark.engine.InvalidInputException;

/**
 * Places that are known to matter, as a column of texts holds them: {@code GATA1@55-64 TAL1@75-86},
 * counted from 1, both ends included.
 *
 * @param starts 0-based
 * @param ends exclusive
 */
record Sites(int[] starts, int[] ends) {
  private static final Pattern SITE = Pattern.compile("\\S+@(\\d{1,9})-(\\d{1,9})");

  /**
   * @param text of the row; null or blank if there are none
   * @param length of the sequence
   * @throws InvalidInputException if it holds what is no site
   */
  static Sites of(String text, int length) {
    String[] words = text == null || text.isBlank() ? new String[0] : text.strip().split("\\s+");
    Sites sites = new Sites(new int[words.length], new int[words.length]);
    for (int i = 0; i < words.length; i++) {
      Matcher found = SITE.matcher(words[i]);
      int start = found.matches() ? Integer.parseInt(found.group(1)) - 1 : -1;
      int end = start >= 0 ? Integer.parseInt(found.group(2)) : -1;
      if (start < 0 || end <= start || end > length) {
        throw new InvalidInputException(
            "Invalid site '"
                + words[i]
                + "' (--sites-col): expected NAME@FIRST-LAST within 1 to "
                + length);
      }
      sites.starts[i] = start;
      sites.ends[i] = end;
    }
    return sites;
  }
}
