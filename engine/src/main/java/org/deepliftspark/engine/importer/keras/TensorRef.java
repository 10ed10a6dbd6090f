package org.deepliftspark.engine.importer.keras;

/**
 * Names a tensor of a functional model: an output of one call of a layer.
 *
 * @param layer the layer's name
 * @param call which call of the layer, from 0
 * @param output which output of the call, from 0; above 0 only for nested models
 */
record TensorRef(String layer, int call, int output) {}
