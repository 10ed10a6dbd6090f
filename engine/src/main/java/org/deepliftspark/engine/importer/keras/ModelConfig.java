package org.deepliftspark.engine.importer.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A model as the architecture describes it.
 *
 * @param name the model's own name
 * @param sequential whether layers are simply called one after the other
 * @param layers in the order of the file
 * @param inputs tensors fed from outside; empty for a Sequential
 * @param outputs tensors returned; empty for a Sequential
 * @param buildShape the input's shape with the batch axis, where a Sequential without an input
 *     layer keeps it; or null
 */
record ModelConfig(
    String name,
    boolean sequential,
    List<LayerConfig> layers,
    List<TensorRef> inputs,
    List<TensorRef> outputs,
    JsonNode buildShape) {}
