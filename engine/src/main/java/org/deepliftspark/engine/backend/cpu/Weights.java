package org.deepliftspark.engine.backend.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.graph.Tensor;

/** The native copies of a program's weights: one for all steps that read them in the same order. */
final class Weights implements AutoCloseable {
  private final Map<List<Object>, ConvWeights> convolutions = new HashMap<>();
  private final Map<Integer, ConvWeights> flipped = new HashMap<>();
  private final Map<Integer, ConvWeights> toTaps = new HashMap<>();
  private final Map<List<Object>, WinogradWeights> winograd = new HashMap<>();
  private final Map<List<Object>, DenseWeights> matrices = new HashMap<>();
  private final List<Tensor> kept = new ArrayList<>();

  ConvWeights convolution(Tensor weight, int groups) {
    return convolutions.computeIfAbsent(
        List.of(identity(weight), groups), key -> ConvWeights.of(weight, groups));
  }

  /** Those of the adjoint, see {@link ConvWeights#flipped}. */
  ConvWeights flipped(Tensor weight) {
    return flipped.computeIfAbsent(identity(weight), key -> ConvWeights.flipped(weight));
  }

  /** Those of the adjoint, see {@link ConvWeights#toTaps}. */
  ConvWeights toTaps(Tensor weight) {
    return toTaps.computeIfAbsent(identity(weight), key -> ConvWeights.toTaps(weight));
  }

  WinogradWeights winograd(Tensor weight, boolean adjoint) {
    return winograd.computeIfAbsent(
        List.of(identity(weight), adjoint), key -> ConvWeights.winograd(weight, adjoint));
  }

  DenseWeights matrix(Tensor weight, boolean transposed, Layout rows, Layout columns) {
    return matrices.computeIfAbsent(
        List.of(identity(weight), transposed, rows, columns),
        key -> new DenseWeights(weight, transposed, rows, columns));
  }

  /** A number for the object; objects that have one stay reachable, so that it stays theirs. */
  private int identity(Tensor weight) {
    for (int i = 0; i < kept.size(); i++) {
      if (kept.get(i) == weight) {
        return i;
      }
    }
    kept.add(weight);
    return kept.size() - 1;
  }

  @Override
  public void close() {
    convolutions.values().forEach(ConvWeights::close);
    flipped.values().forEach(ConvWeights::close);
    toTaps.values().forEach(ConvWeights::close);
    winograd.values().forEach(WinogradWeights::close);
    matrices.values().forEach(DenseWeights::close);
  }
}
