package org.deepliftspark.engine.importer.keras;

/** Turns one call of a layer into nodes and returns what the layer returns. */
@FunctionalInterface
interface LayerReader {
  Value read(LayerContext context);
}
