package org.deepliftspark.engine.importer.keras;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.importer.keras.LayerCall.Argument;
import org.deepliftspark.engine.importer.keras.LayerCall.Reference;

/**
 * Embeddings of indices. An index has no slope, so an input that embeddings read is taken one-hot,
 * {@code [positions, vocabulary]}: the product with the table is the embedding, and the
 * contributions of a position, over its vocabulary, sum to what its embedding contributes.
 */
final class EmbeddingLayers {
  private EmbeddingLayers() {}

  static Value embed(LayerContext c) {
    int vocabulary = c.config().integer("input_dim");
    int features = c.config().integer("output_dim");
    Node in = c.plainInput();
    if (!(in.op() instanceof Op.Input) || in.shape().dim(-1) != vocabulary) {
      throw new UnsupportedModelException(
          "Cannot import %s: layer '%s' (Embedding) reads indices that other layers compute or read too; indices have no slope"
              .formatted(c.config().file(), c.name()));
    }
    c.weights().expect(List.of("embeddings"));
    Tensor table =
        c.weights()
            .once(
                "embeddings",
                () ->
                    c.weights()
                        .read(0, "embeddings", "input_dim, output_dim", vocabulary, features));
    return c.graph().add(c.name(), new Op.Dense(table, null), false, false, in);
  }

  /**
   * How many indices an input can hold if nothing but embeddings of one vocabulary read it;
   * otherwise 0.
   *
   * @param input name of the input layer; of a Sequential's it is not looked at
   */
  static int vocabulary(ModelConfig model, String input) {
    List<LayerConfig> readers = new ArrayList<>();
    if (model.sequential()) {
      model.layers().stream()
          .filter(layer -> !layer.className().equals("InputLayer"))
          .limit(1)
          .forEach(readers::add);
    } else {
      model.layers().stream().filter(layer -> reads(layer, input)).forEach(readers::add);
    }
    boolean embeddings =
        !readers.isEmpty()
            && readers.stream()
                .allMatch(layer -> layer.isBuiltIn() && layer.className().equals("Embedding"));
    if (!embeddings) {
      return 0;
    }
    List<Integer> sizes =
        readers.stream().map(layer -> layer.config().sizes(1, "input_dim")[0]).distinct().toList();
    return sizes.size() == 1 ? sizes.get(0) : 0;
  }

  private static boolean reads(LayerConfig layer, String input) {
    for (LayerCall call : layer.calls()) {
      List<Argument> arguments = new ArrayList<>(call.arguments());
      arguments.addAll(call.named().values());
      for (Argument argument : arguments) {
        if (argument instanceof Reference reference && reference.tensor().layer().equals(input)) {
          return true;
        }
      }
    }
    return false;
  }
}
