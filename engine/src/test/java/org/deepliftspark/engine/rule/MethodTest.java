package org.deepliftspark.engine.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.deepliftspark.engine.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MethodTest {

  @Test
  void parametersFollowTheName() {
    assertThat(Method.of("rescale")).isEqualTo(Method.RESCALE);
    assertThat(Method.of("integrated-gradients:50").count()).isEqualTo(50);
    assertThat(Method.of("integrated-gradients:50").quadrature()).isEqualTo(Quadrature.MIDPOINT);
    assertThat(Method.of("integrated-gradients:50:gauss-legendre").quadrature())
        .isEqualTo(Quadrature.GAUSS_LEGENDRE);
    assertThat(Method.of("epsilon-lrp:1e-3").amount()).isEqualTo(1e-3);
    assertThat(Method.of("smoothgrad:20:0.15").count()).isEqualTo(20);
    assertThat(Method.of("smoothgrad:20:0.15").amount()).isEqualTo(.15);
    assertThat(Method.of("occlusion:7").stride()).isEqualTo(1);
    assertThat(Method.of("occlusion:7:3").stride()).isEqualTo(3);
    assertThat(Method.of("grad-cam").layer()).isNull();
    assertThat(Method.of("grad-cam:block:0/conv").layer()).isEqualTo("block:0/conv");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '!',
      value = {
        "rescale:3!the form rescale",
        "integrated-gradients!the form integrated-gradients:STEPS[:QUADRATURE]",
        "integrated-gradients:0!a number of steps from 1 to 10000, found '0'",
        "integrated-gradients:5:left!one of midpoint, right, gauss-legendre after the steps, found"
            + " 'left'",
        "epsilon-lrp:0!an epsilon above 0, found '0'",
        "epsilon-lrp:NaN!an epsilon above 0, found 'NaN'",
        "gamma-lrp:-1!a gamma above 0, found '-1'",
        "alpha-beta-lrp:0.5!an alpha of at least 1 (beta is alpha - 1), found '0.5'",
        "smoothgrad:5!the form smoothgrad:N:SIGMA",
        "smoothgrad:5:x!a standard deviation above 0, found 'x'",
        "occlusion:2:0!a number of positions per step from 1 to 10000, found '0'",
        "grad-cam:!the form grad-cam[:LAYER]",
        "shapley-sampling:10001!a number of orderings from 1 to 10000, found '10001'"
      })
  void whatIsNoParameterIsRefused(String name, String expected) {
    assertThatThrownBy(() -> Method.of(name))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Invalid method '" + name + "' (--method): expected " + expected);
  }

  @Test
  void aMethodThatThereIsNotIsRefusedWithThoseThatThereAre() {
    assertThatThrownBy(() -> Method.of("saliency"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Invalid method 'saliency' (--method): expected one of rescale, ")
        .hasMessageEndingWith("shapley-sampling:N");
  }

  /** Polynomials of degree 1; Gauss-Legendre of n points is exact to degree 2n - 1. */
  @ParameterizedTest
  @EnumSource(Quadrature.class)
  void quadraturesIntegrate(Quadrature quadrature) {
    for (int steps : new int[] {1, 2, 3, 10, 50, 301}) {
      Quadrature.Nodes nodes = quadrature.nodes(steps);
      assertThat(Arrays.stream(nodes.weights()).sum()).isCloseTo(1, within(1e-12));
      double linear = integral(nodes, 1);
      double error = quadrature == Quadrature.RIGHT ? .5 / steps : 0;
      assertThat(linear - error).isCloseTo(.5, within(1e-12));
      if (quadrature == Quadrature.GAUSS_LEGENDRE) {
        int degree = Math.min(2 * steps - 1, 99);
        assertThat(integral(nodes, degree)).isCloseTo(1.0 / (degree + 1), within(1e-12));
      }
    }
  }

  private static double integral(Quadrature.Nodes nodes, int degree) {
    double sum = 0;
    for (int i = 0; i < nodes.points().length; i++) {
      sum += nodes.weights()[i] * Math.pow(nodes.points()[i], degree);
    }
    return sum;
  }
}
