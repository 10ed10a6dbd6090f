package org.deepliftspark.engine.importer;

import org.deepliftspark.engine.graph.Graph;

/** Reads one family of model files. Stateless; runs no code from the model. */
public interface ModelImporter {

  /** Whether the file looks like one of this family, from its first bytes and name. */
  boolean accepts(ModelSource source);

  /**
   * @throws org.deepliftspark.engine.ModelFormatException if the file is damaged
   * @throws org.deepliftspark.engine.UnsupportedModelException if it holds nodes without a rule;
   *     all are named
   */
  Graph read(ModelSource source);
}
