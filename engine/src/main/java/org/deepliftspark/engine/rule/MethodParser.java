package org.deepliftspark.engine.rule;

import java.util.Arrays;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.rule.Method.Kind;

/** Reads the names of methods with their parameters. */
final class MethodParser {
  private static final int MAX_COUNT = 10_000;

  private final String name;
  private final Kind kind;
  private final String[] parameters;

  private MethodParser(String name, Kind kind, String[] parameters) {
    this.name = name;
    this.kind = kind;
    this.parameters = parameters;
  }

  static Method parse(String name) {
    int colon = name.indexOf(':');
    String key = colon < 0 ? name : name.substring(0, colon);
    for (Kind kind : Kind.values()) {
      if (kind.key().equals(key)) {
        String rest = colon < 0 ? null : name.substring(colon + 1);
        return new MethodParser(name, kind, rest == null ? new String[0] : split(kind, rest))
            .method();
      }
    }
    throw new InvalidInputException(
        "Invalid method '"
            + name
            + "' (--method): expected one of "
            + String.join(", ", Method.forms()));
  }

  /** A layer's name may hold colons. */
  private static String[] split(Kind kind, String rest) {
    boolean layer = kind == Kind.GRAD_CAM || kind == Kind.GUIDED_GRAD_CAM;
    return layer ? new String[] {rest} : rest.split(":", -1);
  }

  private Method method() {
    Method plain = Method.plain(kind);
    return switch (kind) {
      case INTEGRATED_GRADIENTS -> {
        expect(1, 2);
        Quadrature quadrature =
            parameters.length == 1 ? Quadrature.MIDPOINT : quadrature(parameters[1]);
        yield new Method(kind, count(0, "steps"), 1, 0, quadrature, null);
      }
      case EPSILON_LRP -> {
        expect(1, 1);
        yield new Method(kind, 1, 1, amount(0, "an epsilon"), plain.quadrature(), null);
      }
      case GAMMA_LRP -> {
        expect(1, 1);
        yield new Method(kind, 1, 1, amount(0, "a gamma"), plain.quadrature(), null);
      }
      case ALPHA_BETA_LRP -> {
        expect(1, 1);
        double alpha = amount(0, "an alpha");
        if (alpha < 1) {
          throw refused(
              "an alpha of at least 1 (beta is alpha - 1), found '" + parameters[0] + "'");
        }
        yield new Method(kind, 1, 1, alpha, plain.quadrature(), null);
      }
      case SMOOTHGRAD -> {
        expect(2, 2);
        double sigma = amount(1, "a standard deviation");
        yield new Method(kind, count(0, "draws"), 1, sigma, plain.quadrature(), null);
      }
      case OCCLUSION -> {
        expect(1, 2);
        int stride = parameters.length == 1 ? 1 : count(1, "positions per step");
        yield new Method(
            kind, count(0, "positions of the window"), stride, 0, plain.quadrature(), null);
      }
      case SHAPLEY_SAMPLING -> {
        expect(1, 1);
        yield new Method(kind, count(0, "orderings"), 1, 0, plain.quadrature(), null);
      }
      case GRAD_CAM, GUIDED_GRAD_CAM -> {
        expect(0, 1);
        String layer = parameters.length == 0 ? null : parameters[0];
        yield new Method(kind, 1, 1, 0, plain.quadrature(), layer);
      }
      case RESCALE,
          REVEAL_CANCEL,
          GENOMICS_DEFAULT,
          GRADIENT,
          GRADIENT_X_INPUT,
          GUIDED_BACKPROP,
          GUIDED_BACKPROP_X_INPUT,
          DECONVNET,
          GUIDED_BACKPROP_RESCALE,
          PASS_THROUGH,
          EXPECTED_GRADIENTS,
          IN_SILICO_MUTAGENESIS -> {
        expect(0, 0);
        yield plain;
      }
    };
  }

  private void expect(int least, int most) {
    if (parameters.length < least
        || parameters.length > most
        || Arrays.stream(parameters).anyMatch(String::isEmpty)) {
      throw refused("the form " + kind.form());
    }
  }

  private int count(int at, String what) {
    String text = parameters[at];
    if (!text.matches("[0-9]{1,9}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > MAX_COUNT) {
      throw refused("a number of " + what + " from 1 to " + MAX_COUNT + ", found '" + text + "'");
    }
    return Integer.parseInt(text);
  }

  private double amount(int at, String what) {
    try {
      double number = Double.parseDouble(parameters[at]);
      if (number > 0 && number <= Float.MAX_VALUE) {
        return number;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw refused(what + " above 0, found '" + parameters[at] + "'");
  }

  private Quadrature quadrature(String text) {
    for (Quadrature quadrature : Quadrature.values()) {
      if (quadrature.key().equals(text)) {
        return quadrature;
      }
    }
    throw refused(
        "one of "
            + String.join(", ", Arrays.stream(Quadrature.values()).map(Quadrature::key).toList())
            + " after the steps, found '"
            + text
            + "'");
  }

  private InvalidInputException refused(String expected) {
    return new InvalidInputException(
        "Invalid method '" + name + "' (--method): expected " + expected);
  }
}
