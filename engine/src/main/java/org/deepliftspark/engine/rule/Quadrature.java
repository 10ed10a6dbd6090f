package org.deepliftspark.engine.rule;

/**
 * Where an integral from 0 to 1 is evaluated, and how its values are weighted. Midpoint is the
 * default, as in the reference implementation of DeepLIFT; the right end points are DeepExplain's
 * choice, Gauss-Legendre is captum's.
 */
public enum Quadrature {
  MIDPOINT("midpoint"),
  RIGHT("right"),
  GAUSS_LEGENDRE("gauss-legendre");

  private static final int NEWTON_STEPS = 100;

  private final String key;

  Quadrature(String key) {
    this.key = key;
  }

  /** Name in options. */
  public String key() {
    return key;
  }

  /** Points and weights of a number of steps; the weights sum to 1. */
  record Nodes(double[] points, double[] weights) {}

  Nodes nodes(int steps) {
    if (this == GAUSS_LEGENDRE) {
      return gaussLegendre(steps);
    }
    double[] points = new double[steps];
    double[] weights = new double[steps];
    for (int step = 0; step < steps; step++) {
      points[step] = (step + (this == MIDPOINT ? 0.5 : 1.0)) / steps;
      weights[step] = 1.0 / steps;
    }
    return new Nodes(points, weights);
  }

  /** Roots of the Legendre polynomial by Newton's method from Chebyshev's estimate of them. */
  private static Nodes gaussLegendre(int steps) {
    double[] points = new double[steps];
    double[] weights = new double[steps];
    for (int i = 0; i < steps; i++) {
      double x = -Math.cos(Math.PI * (i + 0.75) / (steps + 0.5));
      double slope = 0;
      for (int newton = 0; newton < NEWTON_STEPS; newton++) {
        double before = 1;
        double value = x;
        for (int degree = 2; degree <= steps; degree++) {
          double next = ((2 * degree - 1) * x * value - (degree - 1) * before) / degree;
          before = value;
          value = next;
        }
        slope = steps * (before - x * value) / (1 - x * x);
        double change = value / slope;
        x -= change;
        if (Math.abs(change) < 1e-15) {
          break;
        }
      }
      points[i] = (1 + x) / 2;
      weights[i] = 1 / ((1 - x * x) * slope * slope);
    }
    return new Nodes(points, weights);
  }
}
