package org.deepliftspark.engine.rule;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.deepliftspark.engine.Target;
import org.deepliftspark.engine.Target.Kind;
import org.deepliftspark.engine.Target.Term;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Op.Reduction;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.BinaryOp;
import org.deepliftspark.engine.program.Extent;
import org.deepliftspark.engine.program.ProgramBuilder;
import org.deepliftspark.engine.program.UnaryOp;
import org.deepliftspark.engine.program.Value;

/** Where the backward pass starts, and the numbers that are explained. */
final class TargetValues {
  /**
   * Below this distance of two logits the scaled profile's quotient is noise, and the derivative
   * stands in.
   */
  private static final double PROFILE_NEAR_ZERO = 1e-6;

  private final List<Target> targets;
  private final Graph graph;
  private final Value[] actual;
  private final ForwardValues at;
  private final ProgramBuilder code;

  /** Products that were written, by value and weights: without a final activation they recur. */
  private final Map<List<Object>, Value> products = new HashMap<>();

  /**
   * @param actual per node, its value for the input itself
   * @param at the points between which slopes are taken
   */
  TargetValues(
      Lowering lowering, Graph graph, Value[] actual, ForwardValues at, ProgramBuilder code) {
    this.targets = lowering.targets();
    this.graph = graph;
    this.actual = actual;
    this.at = at;
    this.code = code;
  }

  /** The targets' numbers, {@code [targets]}, from the values of one forward pass. */
  Value predictions(Value[] values) {
    return numbers(values, Term::node);
  }

  /** The same after the final activation; a profile's number has none. */
  Value modelOutputs(Value[] values) {
    return numbers(values, Term::activated);
  }

  private Value numbers(Value[] values, ToIntFunction<Term> node) {
    if (targets.stream().allMatch(target -> target.kind() == Kind.LINEAR)) {
      return linear(targets, values, node);
    }
    List<Value> numbers = new ArrayList<>();
    for (Target target : targets) {
      numbers.add(
          target.kind() == Kind.LINEAR
              ? linear(List.of(target), values, node)
              : profile(target, values));
    }
    return numbers.size() == 1 ? numbers.get(0) : code.concat(numbers, 0);
  }

  /** One product with a matrix of weights per node that the targets read. */
  private Value linear(List<Target> some, Value[] values, ToIntFunction<Term> node) {
    Map<Integer, float[]> matrices = new LinkedHashMap<>();
    for (int t = 0; t < some.size(); t++) {
      for (Term term : some.get(t).terms()) {
        int size = term.weights().length;
        float[] matrix =
            matrices.computeIfAbsent(node.applyAsInt(term), id -> new float[size * some.size()]);
        for (int i = 0; i < size; i++) {
          matrix[i * some.size() + t] += term.weights()[i];
        }
      }
    }
    Value sum = null;
    for (Map.Entry<Integer, float[]> entry : matrices.entrySet()) {
      int size = graph.node(entry.getKey()).shape().size();
      Value flat = code.reshape(values[entry.getKey()], Shape.of(size));
      Value numbers =
          products.computeIfAbsent(
              List.of(flat.id(), FloatBuffer.wrap(entry.getValue()), some.size()),
              key -> code.dense(flat, Tensor.of(entry.getValue(), size, some.size()), false, null));
      sum = sum == null ? numbers : code.add(sum, numbers);
    }
    return sum;
  }

  /** Multipliers at the targets' nodes; null elsewhere. */
  Value[] seeds() {
    Value[] seeds = new Value[graph.nodes().size()];
    code.label("targets");
    linearSeeds(seeds);
    for (int t = 0; t < targets.size(); t++) {
      if (targets.get(t).kind() != Kind.LINEAR) {
        int node = targets.get(t).terms().get(0).node();
        Value seed = code.reshape(profileSeed(targets.get(t)), graph.node(node).shape());
        add(
            seeds,
            node,
            targets.size() == 1
                ? seed
                : code.multiply(seed, indicator(t, graph.node(node).shape().rank())));
      }
    }
    return seeds;
  }

  private void linearSeeds(Value[] seeds) {
    Map<Integer, float[]> byNode = new LinkedHashMap<>();
    for (int t = 0; t < targets.size(); t++) {
      if (targets.get(t).kind() != Kind.LINEAR) {
        continue;
      }
      for (Term term : targets.get(t).terms()) {
        int size = term.weights().length;
        float[] all = byNode.computeIfAbsent(term.node(), id -> new float[targets.size() * size]);
        for (int i = 0; i < size; i++) {
          all[t * size + i] += term.weights()[i];
        }
      }
    }
    byNode.forEach(
        (node, all) ->
            add(
                seeds,
                node,
                code.constant(
                    Tensor.of(all, all.length), Extent.of(Axis.TARGET), graph.node(node).shape())));
  }

  private void add(Value[] seeds, int node, Value seed) {
    seeds[node] = seeds[node] == null ? seed : code.add(seeds[node], seed);
  }

  /** 1 for one target, 0 for the others. */
  private Value indicator(int target, int rank) {
    float[] data = new float[targets.size()];
    data[target] = 1f;
    int[] ones = new int[rank];
    Arrays.fill(ones, 1);
    return code.constant(Tensor.of(data, data.length), Extent.of(Axis.TARGET), Shape.of(ones));
  }

  private Value profile(Target target, Value[] values) {
    Value logits = flatLogits(target, values);
    Value weights =
        target.kind() == Kind.PROFILE_WEIGHTED ? weights(target) : code.softmax(logits, 0);
    return code.reduce(Reduction.SUM, code.multiply(centred(logits), weights), 0);
  }

  /** Softmax at the input itself, wherever the slopes are taken. */
  private Value weights(Target target) {
    return code.softmax(flatLogits(target, actual), 0);
  }

  private Value profileSeed(Target target) {
    if (target.kind() == Kind.PROFILE_WEIGHTED) {
      Value weights = weights(target);
      return code.subtract(weights, code.scalar(1.0 / weights.shape().size()));
    }
    Value logits = flatLogits(target, at.inputs());
    Value p = code.softmax(logits, 0);
    if (at.inputs() == at.references()) {
      return centred(scaledGradient(centred(logits), p));
    }
    Value reference = flatLogits(target, at.references());
    return centred(scaledSlope(centred(logits), p, centred(reference), code.softmax(reference, 0)));
  }

  /** Derivative of sum(z p(z)), that of the softmax included: p (1 + z - sum(z p)). */
  private Value scaledGradient(Value z, Value p) {
    Value sum = code.reduce(Reduction.SUM, code.multiply(z, p), 0);
    return code.multiply(p, code.add(code.subtract(z, sum), code.scalar(1)));
  }

  /**
   * Secant slope of z p(z) with p as its own element-wise factor, as mean(p) + mean(z) (p - p') /
   * (z - z'), which cancels less than the bare quotient.
   */
  private Value scaledSlope(Value z, Value p, Value z0, Value p0) {
    Value delta = code.subtract(z, z0);
    Value near =
        code.binary(BinaryOp.LESS, code.unary(UnaryOp.ABS, delta), code.scalar(PROFILE_NEAR_ZERO));
    Value far = code.subtract(code.scalar(1), near);
    Value meanP = code.multiply(code.add(p, p0), code.scalar(0.5));
    Value meanZ = code.multiply(code.add(z, z0), code.scalar(0.5));
    Value quotient = code.divide(code.multiply(code.subtract(p, p0), far), code.add(delta, near));
    Value derivative =
        code.multiply(code.multiply(meanP, code.subtract(code.scalar(1), meanP)), near);
    return code.add(meanP, code.multiply(meanZ, code.add(quotient, derivative)));
  }

  private Value centred(Value flat) {
    return code.subtract(flat, code.reduce(Reduction.MEAN, flat, 0));
  }

  private Value flatLogits(Target target, Value[] values) {
    int node = target.terms().get(0).node();
    return code.reshape(values[node], Shape.of(graph.node(node).shape().size()));
  }
}
