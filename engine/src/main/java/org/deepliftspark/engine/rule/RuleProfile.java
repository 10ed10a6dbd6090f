package org.deepliftspark.engine.rule;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.deepliftspark.engine.InvalidInputException;

/** Which numbers are reproduced where libraries differ. */
public enum RuleProfile {
  /**
   * Every rule sums to delta. Max-pooling credits the winner of max(input, reference), as captum,
   * shap and tangermeme mean to.
   */
  DEFAULT,
  /**
   * The reference implementation (kundajelab/deeplift): max-pooling is the gradient at the input,
   * so sums may miss delta there.
   */
  DEEPLIFT;

  /** The profile of a name such as {@code default}. */
  public static RuleProfile of(String name) {
    for (RuleProfile profile : values()) {
      if (profile.key().equals(name)) {
        return profile;
      }
    }
    String known = Arrays.stream(values()).map(RuleProfile::key).collect(Collectors.joining(", "));
    throw new InvalidInputException(
        "Invalid profile '" + name + "' (--profile): expected one of " + known);
  }

  /** Name in options and logs. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
