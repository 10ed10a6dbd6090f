package org.deepliftspark.engine.rule;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.deepliftspark.engine.InvalidInputException;

/**
 * How a network is explained. All methods are one backward pass; they differ in the points between
 * which slopes are taken and in the rule of activations (the unified view of Ancona et al., ICLR
 * 2018).
 *
 * @param kind which method
 * @param steps of the integral, for integrated gradients; otherwise 1
 */
public record Method(Kind kind, int steps) {
  private static final int MAX_STEPS = 10_000;

  /** The methods. */
  public enum Kind {
    /** DeepLIFT with the Rescale rule. */
    RESCALE("rescale", Points.REFERENCE_TO_INPUT),
    /** DeepLIFT with the RevealCancel rule at every activation. */
    REVEAL_CANCEL("reveal-cancel", Points.REFERENCE_TO_INPUT),
    /** DeepLIFT with RevealCancel after dense layers and Rescale after convolutions. */
    GENOMICS_DEFAULT("genomics-default", Points.REFERENCE_TO_INPUT),
    /** The gradient at the input; its contributions are gradient x (input - reference). */
    GRADIENT("gradient", Points.INPUT),
    /** The gradient at the input; its contributions are gradient x input. */
    GRADIENT_X_INPUT("gradient-x-input", Points.INPUT),
    /**
     * The gradient at the input, without what is negative behind each activation (Springenberg et
     * al. 2014).
     */
    GUIDED_BACKPROP("guided-backprop", Points.INPUT),
    /** Activations applied to what comes back (Zeiler and Fergus 2013). */
    DECONVNET("deconvnet", Points.INPUT),
    /**
     * The mean gradient on the straight way from reference to input, by the midpoint rule
     * (Sundararajan et al. 2017).
     */
    INTEGRATED_GRADIENTS("integrated-gradients", Points.PATH);

    private final String key;
    private final Points points;

    Kind(String key, Points points) {
      this.key = key;
      this.points = points;
    }

    /** Name in options. */
    public String key() {
      return key;
    }
  }

  /** Between which points slopes are taken. */
  enum Points {
    REFERENCE_TO_INPUT,
    INPUT,
    PATH
  }

  public static final Method RESCALE = new Method(Kind.RESCALE, 1);

  /**
   * Reads a name such as {@code rescale} or {@code integrated-gradients:50}.
   *
   * @throws InvalidInputException if there is no such method
   */
  public static Method of(String name) {
    int colon = name.indexOf(':');
    String key = colon < 0 ? name : name.substring(0, colon);
    for (Kind kind : Kind.values()) {
      if (kind.key.equals(key) && kind == Kind.INTEGRATED_GRADIENTS == colon > 0) {
        return new Method(kind, colon < 0 ? 1 : steps(name, name.substring(colon + 1)));
      }
    }
    throw new InvalidInputException(
        "Invalid method '" + name + "' (--method): expected one of " + String.join(", ", forms()));
  }

  /** How methods are written in options. */
  public static List<String> forms() {
    return Arrays.stream(Kind.values())
        .map(kind -> kind == Kind.INTEGRATED_GRADIENTS ? kind.key + ":STEPS" : kind.key)
        .collect(Collectors.toList());
  }

  private static int steps(String name, String text) {
    if (!text.matches("[0-9]{1,9}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > MAX_STEPS) {
      throw new InvalidInputException(
          "Invalid method '"
              + name
              + "' (--method): expected a number of steps from 1 to "
              + MAX_STEPS
              + " after the colon");
    }
    return Integer.parseInt(text);
  }

  Points points() {
    return kind.points;
  }
}
