package org.deepliftspark.job;

import org.deepliftspark.engine.graph.Graph;

/**
 * A model that was read.
 *
 * @param hash of its file
 */
record LoadedModel(Graph graph, String hash) {}
