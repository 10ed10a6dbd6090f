package org.deepliftspark.engine.importer;

import java.nio.file.Path;
import java.util.List;
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

  /**
   * Files beside the model's own that weights lie in, sorted.
   *
   * @throws org.deepliftspark.engine.DeepLiftException as {@link #read} does
   */
  default List<Path> otherFiles(ModelSource source) {
    return List.of();
  }
}
