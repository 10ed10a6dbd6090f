package org.deepliftspark.engine.importer.keras;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepliftspark.engine.ModelFormatException;

/**
 * The calls of a functional model in an order in which each reads only what was computed before it;
 * the file's order where that will do.
 */
final class CallOrder {
  private final String file;
  private final ModelConfig model;
  private final Map<String, Integer> firstIndex;

  CallOrder(String file, ModelConfig model) {
    this.file = file;
    this.model = model;
    this.firstIndex = firstIndices();
  }

  /**
   * One call.
   *
   * @param index the call's number, as references to its outputs have it
   * @param reads tensors that it reads
   */
  record Step(LayerConfig layer, LayerCall call, int index, List<TensorRef> reads) {}

  /** A call of a layer by its number. */
  private record Result(String layer, int index) {}

  List<Step> steps() {
    Set<Result> done = new HashSet<>();
    model.inputs().forEach(ref -> done.add(new Result(ref.layer(), ref.call())));
    Map<Result, List<Step>> waiting = new HashMap<>();
    Deque<Step> ready = new ArrayDeque<>();
    List<Step> ordered = new ArrayList<>();
    int all = 0;
    for (LayerConfig layer : model.layers()) {
      int index = firstIndex.getOrDefault(layer.name(), 0);
      for (LayerCall call : layer.calls()) {
        all++;
        ready.add(new Step(layer, call, index++, ModelLowering.reads(call)));
        drain(ready, done, waiting, ordered);
      }
    }
    if (ordered.size() < all) {
      Step stuck = waiting.values().iterator().next().get(0);
      Result missing = missing(stuck, done);
      throw new ModelFormatException(
          "Invalid architecture in %s: layer '%s' reads call %d of '%s', which is not there or depends on it"
              .formatted(file, stuck.layer().fullName(), missing.index(), missing.layer()));
    }
    return ordered;
  }

  private static void drain(
      Deque<Step> ready, Set<Result> done, Map<Result, List<Step>> waiting, List<Step> ordered) {
    while (!ready.isEmpty()) {
      Step step = ready.poll();
      Result missing = missing(step, done);
      if (missing == null) {
        Result result = new Result(step.layer().name(), step.index());
        ordered.add(step);
        done.add(result);
        ready.addAll(waiting.containsKey(result) ? waiting.remove(result) : List.of());
      } else {
        waiting.computeIfAbsent(missing, key -> new ArrayList<>()).add(step);
      }
    }
  }

  private static Result missing(Step step, Set<Result> done) {
    for (TensorRef ref : step.reads()) {
      Result result = new Result(ref.layer(), ref.call());
      if (!done.contains(result)) {
        return result;
      }
    }
    return null;
  }

  /**
   * Nested models count their calls from 1 in some versions of Keras (call 0 being the one that
   * made them) and from 0 in others: if the highest number referred to is the number of calls, they
   * count from 1.
   */
  private Map<String, Integer> firstIndices() {
    Map<String, Integer> highest = new HashMap<>();
    for (LayerConfig layer : model.layers()) {
      for (LayerCall call : layer.calls()) {
        ModelLowering.reads(call).forEach(ref -> highest.merge(ref.layer(), ref.call(), Math::max));
      }
    }
    model.outputs().forEach(ref -> highest.merge(ref.layer(), ref.call(), Math::max));
    Map<String, Integer> first = new HashMap<>();
    for (LayerConfig layer : model.layers()) {
      boolean fromOne = highest.getOrDefault(layer.name(), 0) == layer.calls().size();
      first.put(layer.name(), layer.nested() != null && fromOne ? 1 : 0);
    }
    return first;
  }
}
