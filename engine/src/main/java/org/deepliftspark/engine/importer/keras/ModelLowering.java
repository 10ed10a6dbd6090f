package org.deepliftspark.engine.importer.keras;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.importer.keras.LayerCall.Argument;
import org.deepliftspark.engine.importer.keras.LayerCall.Reference;

/**
 * Lays a model out as a graph: one node or few per call of a layer, nested models in place. For one
 * model.
 */
final class ModelLowering {
  /** How a Sequential calls its layers. */
  private static final LayerCall PLAIN = new LayerCall(List.of(), Map.of());

  private final String file;
  private final WeightStore store;
  private final GraphBuilder builder;
  private final GraphWriter graph;
  private final Map<LayerConfig, LayerWeights> weights = new IdentityHashMap<>();
  private final Map<LayerConfig, Integer> nestedCalls = new IdentityHashMap<>();
  private final Map<String, Node> aliases = new LinkedHashMap<>();

  ModelLowering(String file, WeightStore store, boolean beforeKeras3) {
    this.file = file;
    this.store = store;
    this.builder = new GraphBuilder(file);
    this.graph = new GraphWriter(file, builder, beforeKeras3);
  }

  Graph lower(ModelConfig model) {
    try {
      List<Value> inputs = new ModelInputs(file, graph, model).of(model);
      LinkedHashMap<String, Node> outputs = new LinkedHashMap<>();
      for (Output output : run(model, inputs)) {
        addUnique(outputs, output.name(), output.value().node());
      }
      outputs.forEach(builder::output);
      aliases.forEach(builder::alias); // last, so that no alias takes the name of a layer
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException("Cannot import " + file + ": " + e.getMessage(), e);
    }
  }

  /** What a model returns, under the name that users know it by. */
  private record Output(String name, Value value) {}

  private List<Output> run(ModelConfig model, List<Value> inputs) {
    return model.sequential() ? runSequential(model, inputs) : runFunctional(model, inputs);
  }

  private List<Output> runSequential(ModelConfig model, List<Value> inputs) {
    List<Output> current = new ArrayList<>();
    inputs.forEach(input -> current.add(new Output(input.node().name(), input)));
    for (LayerConfig layer : model.layers()) {
      if (!layer.className().equals("InputLayer")) {
        List<Value> from = current.stream().map(Output::value).toList();
        current.clear();
        current.addAll(call(layer, PLAIN, from));
      }
    }
    return current;
  }

  private List<Output> runFunctional(ModelConfig model, List<Value> inputs) {
    if (inputs.size() != model.inputs().size()) {
      throw new ModelFormatException(
          "Invalid architecture in %s: model '%s' takes %d inputs, found %d"
              .formatted(file, model.name(), model.inputs().size(), inputs.size()));
    }
    Map<TensorRef, Output> known = new HashMap<>();
    for (int k = 0; k < inputs.size(); k++) {
      known.put(model.inputs().get(k), new Output(inputs.get(k).node().name(), inputs.get(k)));
    }
    for (CallOrder.Step step : new CallOrder(file, model).steps()) {
      List<Value> from = new ArrayList<>();
      for (TensorRef ref : step.reads()) {
        from.add(find(known, ref, step.layer().fullName()).value());
      }
      List<Output> results = call(step.layer(), step.call(), from);
      for (int k = 0; k < results.size(); k++) {
        known.put(new TensorRef(step.layer().name(), step.index(), k), results.get(k));
      }
    }
    return model.outputs().stream().map(ref -> find(known, ref, model.name())).toList();
  }

  private Output find(Map<TensorRef, Output> known, TensorRef ref, String reader) {
    Output output = known.get(ref);
    if (output == null) {
      throw new ModelFormatException(
          "Invalid architecture in %s: '%s' reads output %d of call %d of '%s', which is not there"
              .formatted(file, reader, ref.output(), ref.call(), ref.layer()));
    }
    return output;
  }

  private List<Output> call(LayerConfig layer, LayerCall call, List<Value> inputs) {
    if (layer.nested() != null) {
      return callNested(layer, inputs);
    }
    LayerReader reader = LayerTable.reader(layer);
    if (reader == null) { // what has no rule was refused before; an input layer computes nothing
      throw new ModelFormatException(
          "Invalid architecture in %s: '%s' (%s) is called like a layer"
              .formatted(file, layer.fullName(), layer.className()));
    }
    LayerWeights own = weights.computeIfAbsent(layer, key -> new LayerWeights(store, key));
    try {
      Value value = reader.read(new LayerContext(layer, call, inputs, own, graph));
      if (layer.path().size() > 1) {
        aliases.putIfAbsent(layer.name(), value.node());
      }
      return List.of(new Output(value.node().name(), value));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new ModelFormatException(
          "Cannot import %s: layer '%s' (%s): %s"
              .formatted(file, layer.fullName(), layer.className(), e.getMessage()),
          e);
    }
  }

  /** The nested model's name becomes another name of what it returns. */
  private List<Output> callNested(LayerConfig layer, List<Value> inputs) {
    graph.count();
    List<Output> results = run(layer.nested(), inputs);
    int count = nestedCalls.merge(layer, 1, Integer::sum) - 1;
    String name = count == 0 ? layer.fullName() : layer.fullName() + "_" + count;
    List<Output> named = new ArrayList<>();
    for (Output result : results) {
      addUnique(aliases, name, result.value().node());
      named.add(new Output(name, result.value()));
    }
    return named;
  }

  private static void addUnique(Map<String, Node> nodes, String name, Node node) {
    String unique = name;
    for (int k = 1; nodes.containsKey(unique); k++) {
      unique = name + "_" + k;
    }
    nodes.put(unique, node);
  }

  /** The tensors that a call reads: positional ones, then named ones. */
  static List<TensorRef> reads(LayerCall call) {
    List<TensorRef> reads = new ArrayList<>();
    for (Argument argument : call.arguments()) {
      if (argument instanceof Reference reference) {
        reads.add(reference.tensor());
      }
    }
    for (Argument argument : call.named().values()) {
      if (argument instanceof Reference reference) {
        reads.add(reference.tensor());
      }
    }
    return reads;
  }
}
