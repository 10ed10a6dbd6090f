package org.deepliftspark.engine.importer.keras;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.graph.ActivationFunction.Kind;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Op.Arithmetic;
import org.deepliftspark.engine.graph.Op.Reduction;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.importer.Attention;
import org.deepliftspark.engine.importer.LayerNodes;

/** Attention of queries to keys, with heads of its own weights and without. */
final class AttentionLayers {
  private AttentionLayers() {}

  static Value multiHead(LayerContext c) {
    int heads = c.config().integer("num_heads");
    int keyDim = c.config().integer("key_dim");
    int valueDim = c.config().integer(keyDim, "value_dim");
    return attend(c, heads, heads, keyDim, valueDim);
  }

  static Value groupQuery(LayerContext c) {
    int heads = c.config().integer("num_query_heads");
    int groups = c.config().integer("num_key_value_heads");
    int dim = c.config().integer("head_dim");
    if (groups < 1 || heads % groups != 0) {
      throw c.config()
          .invalid(
              "num_key_value_heads",
              "a divisor of " + heads,
              c.config().find("num_key_value_heads"));
    }
    return attend(c, heads, groups, dim, dim);
  }

  /**
   * @param groups heads of keys and values; each serves as many queries' heads in a row
   */
  private static Value attend(LayerContext c, int heads, int groups, int keyDim, int valueDim) {
    boolean bias = c.config().flag(true, "use_bias");
    c.weights().expect(names(bias));
    LayerNodes nodes = c.nodes();
    Node query = flat(nodes, "query_rows", c.argument("query", 0), c.graph());
    Node value = flat(nodes, "value_rows", c.argument("value", 1), c.graph());
    Value given = c.find("key", 2);
    Node key = given == null ? value : flat(nodes, "key_rows", given, c.graph());
    int step = bias ? 2 : 1;
    Heads split = new Heads(c, nodes, bias);
    Node queries = split.of("query", 0, query, heads, keyDim, groups);
    Node keys = split.of("key", step, key, groups, keyDim, groups);
    Node values = split.of("value", 2 * step, value, groups, valueDim, groups);
    double scale = 1 / Math.sqrt(keyDim);
    Node attended = Attention.dotProduct(nodes, queries, keys, values, scale, causal(c));
    int rows = query.shape().dim(0);
    Node inRow = nodes.transpose("heads_behind", attended, 2, 0, 1, 3);
    Node joined = nodes.reshape("joined", inRow, rows, heads * valueDim);
    return output(c, nodes, 3 * step, bias, joined, heads, valueDim);
  }

  private static List<String> names(boolean bias) {
    List<String> names = new ArrayList<>();
    for (String part : List.of("query", "key", "value", "attention_output")) {
      names.add(part + "/kernel");
      if (bias) {
        names.add(part + "/bias");
      }
    }
    return names;
  }

  /** Positions of any number of axes as rows. */
  private static Node flat(LayerNodes nodes, String part, Value value, GraphWriter graph) {
    Node node = graph.kerasOrder(value);
    int features = node.shape().dim(-1);
    return node.shape().rank() == 2
        ? node
        : nodes.reshape(part, node, node.shape().size() / features, features);
  }

  private static Value output(
      LayerContext c,
      LayerNodes nodes,
      int index,
      boolean bias,
      Node joined,
      int heads,
      int valueDim) {
    int[] positions = c.argument("query", 0).shape().dims();
    int features = positions[positions.length - 1];
    int[] out =
        c.config().has("output_shape")
            ? c.config().ints(c.config().find("output_shape"), "output_shape")
            : new int[] {features};
    int size = Shape.of(out).size();
    int[] stored = join(new int[] {heads, valueDim}, out);
    Tensor kernel =
        c.weights()
            .once(
                "output",
                () ->
                    c.weights()
                        .read(index, "attention_output/kernel", "heads, value_dim, out", stored)
                        .reshaped(heads * valueDim, size));
    Tensor offset =
        bias
            ? c.weights()
                .once(
                    "output_bias",
                    () ->
                        c.weights()
                            .read(index + 1, "attention_output/bias", "out", out)
                            .reshaped(size))
            : null;
    int[] dims = join(Arrays.copyOf(positions, positions.length - 1), out);
    boolean plain = positions.length == 2 && out.length == 1;
    Node dense = nodes.add(plain ? "" : "output", new Op.Dense(kernel, offset), joined);
    return new Value(plain ? dense : nodes.reshape("", dense, dims), false);
  }

  /** Projections of rows to heads. */
  private record Heads(LayerContext c, LayerNodes nodes, boolean bias) {

    /** {@code [rows, features]} to {@code [groups, heads / groups, rows, dim]}. */
    Node of(String part, int index, Node rows, int heads, int dim, int groups) {
      int features = rows.shape().dim(1);
      LayerWeights weights = c.weights();
      Tensor kernel =
          weights.once(
              part,
              () ->
                  weights
                      .read(index, part + "/kernel", "features, heads, dim", features, heads, dim)
                      .reshaped(features, heads * dim));
      Tensor offset =
          bias
              ? weights.once(
                  part + "_bias",
                  () ->
                      weights
                          .read(index + 1, part + "/bias", "heads, dim", heads, dim)
                          .reshaped(heads * dim))
              : null;
      Node projected = nodes.add(part, new Op.Dense(kernel, offset), rows);
      int count = rows.shape().dim(0);
      Node apart = nodes.reshape(part + "_heads", projected, count, groups, heads / groups, dim);
      return nodes.transpose(part + "_rows_behind", apart, 1, 2, 0, 3);
    }
  }

  /** Keras's {@code Attention}: scores are products, or a weight times a sum of tanh. */
  static Value plain(LayerContext c) {
    boolean scaled = c.config().flag(false, "use_scale");
    boolean products = !c.config().text("dot", "score_mode").equals("concat");
    List<String> names = new ArrayList<>(scaled ? List.of("scale") : List.of());
    if (!products) {
      names.add("concat_score_weight");
    }
    if (!names.isEmpty()) {
      c.weights().expect(names);
    }
    double scale = scaled ? c.weights().read(0, "scale", "one number").data()[0] : 1;
    LayerNodes nodes = c.nodes();
    Operands from = Operands.of(c);
    if (products) {
      Node attended =
          Attention.dotProduct(nodes, from.query, from.key, from.value, scale, causal(c));
      return finished(nodes, attended);
    }
    int index = names.size() - 1;
    float weight = c.weights().read(index, "concat_score_weight", "one number").data()[0];
    Node sums = sums(nodes, from);
    Node spread = scaled ? nodes.combine("spread", Arithmetic.MULTIPLY, sums, scale) : sums;
    Node tanh = nodes.apply("tanh", Kind.TANH, spread);
    Node terms = nodes.combine("terms", Arithmetic.MULTIPLY, tanh, weight);
    return scored(c, nodes, terms, from.value);
  }

  static Value additive(LayerContext c) {
    LayerNodes nodes = c.nodes();
    Operands from = Operands.of(c);
    Node tanh = nodes.apply("tanh", Kind.TANH, sums(nodes, from));
    if (!c.config().flag(true, "use_scale")) {
      return scored(c, nodes, tanh, from.value);
    }
    c.weights().expect(List.of("scale"));
    int features = from.query.shape().dim(-1);
    Tensor scale =
        c.weights().once("scale", () -> c.weights().read(0, "scale", "features", features));
    Node terms = nodes.combine("terms", Arithmetic.MULTIPLY, tanh, nodes.constant("scale", scale));
    return scored(c, nodes, terms, from.value);
  }

  /** Query plus key for every pair: {@code [n, m, features]}. */
  private static Node sums(LayerNodes nodes, Operands from) {
    Shape query = from.query.shape();
    Shape key = from.key.shape();
    Node rows = nodes.reshape("rows", from.query, query.dim(0), 1, query.dim(1));
    Node columns = nodes.reshape("columns", from.key, 1, key.dim(0), key.dim(1));
    return nodes.combine("pairs", Arithmetic.ADD, rows, columns);
  }

  private static Value scored(LayerContext c, LayerNodes nodes, Node terms, Node value) {
    Node scores = nodes.reduce("scores", Reduction.SUM, terms, false, 2);
    return finished(nodes, Attention.weighted(nodes, scores, value, causal(c)));
  }

  private static Value finished(LayerNodes nodes, Node attended) {
    return new Value(nodes.add("", new Op.Identity(), attended), false);
  }

  /**
   * Of layers that are called with a list {@code [query, value]} or {@code [query, value, key]}.
   */
  private record Operands(Node query, Node value, Node key) {
    static Operands of(LayerContext c) {
      GraphWriter graph = c.graph();
      Node query = graph.kerasOrder(c.argument("query", 0));
      Node value = graph.kerasOrder(c.argument("value", 1));
      Value key = c.find("key", 2);
      Operands operands = new Operands(query, value, key == null ? value : graph.kerasOrder(key));
      for (Node node : List.of(operands.query, operands.value, operands.key)) {
        if (node.shape().rank() != 2) {
          throw new IllegalArgumentException(
              "inputs must be [positions, features], found " + node.shape());
        }
      }
      return operands;
    }
  }

  private static boolean causal(LayerContext c) {
    return c.literalFlag("use_causal_mask") || c.config().flag(false, "causal");
  }

  private static int[] join(int[] a, int... b) {
    int[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }
}
