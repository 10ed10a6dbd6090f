package org.deepliftspark.engine.backend.onnx;

import java.util.List;
import org.deepliftspark.engine.program.UnaryOp;

/** Element-wise functions as ONNX nodes. */
final class OnnxUnaries {
  /** 1, 1/3, 1/5, ...: atanh(w) / w in powers of w^2. For w up to 1/3 the rest is below 1e-8. */
  private static final int ATANH_TERMS = 7;

  private OnnxUnaries() {}

  static String emit(UnaryOp op, String x, OnnxGraph graph) {
    return switch (op) {
      case NEGATE -> graph.node("Neg", List.of(x));
      case ABS -> graph.node("Abs", List.of(x));
      case SIGN -> graph.node("Sign", List.of(x));
      case RELU -> graph.node("Relu", List.of(x));
      case EXP -> graph.node("Exp", List.of(x));
      case LOG -> graph.node("Log", List.of(x));
      case SQRT -> graph.node("Sqrt", List.of(x));
      case TANH -> graph.node("Tanh", List.of(x));
      case SIGMOID -> graph.node("Sigmoid", List.of(x));
      case ERF -> graph.node("Erf", List.of(x));
      case SOFTPLUS -> softplus(x, graph);
    };
  }

  /**
   * max(x, 0) + log(1 + z) with z = exp(-|x|), and log(1 + z) = 2 atanh(z / (2 + z)). ONNX
   * Runtime's own Softplus and Log give an element other last bits by its place in the tensor, and
   * are slower.
   */
  private static String softplus(String x, OnnxGraph graph) {
    String z =
        graph.node("Exp", List.of(graph.node("Neg", List.of(graph.node("Abs", List.of(x))))));
    String w = graph.node("Div", List.of(z, graph.node("Add", List.of(z, graph.scalar(2)))));
    String square = graph.node("Mul", List.of(w, w));
    String sum = graph.scalar(1.0 / (2 * ATANH_TERMS - 1));
    for (int term = ATANH_TERMS - 2; term >= 0; term--) {
      sum =
          graph.node(
              "Add",
              List.of(graph.node("Mul", List.of(sum, square)), graph.scalar(1.0 / (2 * term + 1))));
    }
    String log = graph.node("Mul", List.of(graph.node("Mul", List.of(w, sum)), graph.scalar(2)));
    return graph.node("Add", List.of(graph.node("Relu", List.of(x)), log));
  }
}
