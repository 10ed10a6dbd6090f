package org.deepliftspark.job.io;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.importer.ModelSource.InputLayout;
import org.deepliftspark.engine.importer.Models;

/**
 * Where tasks find a model by themselves, for sessions that cannot broadcast it.
 *
 * @param settings of file systems
 * @param path of the model, the same on every executor
 * @param weights of a Keras JSON model, or null
 * @param sha256 of what was read on the driver
 */
public record StoredModel(
    HadoopSettings settings,
    String path,
    String weights,
    Map<String, InputLayout> layouts,
    Map<String, String> lambdas,
    String sha256)
    implements Serializable {

  public static StoredModel of(
      Configuration configuration,
      String path,
      String weights,
      Map<String, InputLayout> layouts,
      Map<String, String> lambdas,
      String sha256) {
    return new StoredModel(
        new HadoopSettings(configuration),
        path,
        weights,
        new LinkedHashMap<>(layouts),
        new LinkedHashMap<>(lambdas),
        sha256);
  }

  /**
   * Reads the model where it is called.
   *
   * @throws InvalidInputException if it cannot be read, or is another than the driver read
   */
  public Graph graph() {
    HadoopFiles files = new HadoopFiles(settings.configuration());
    ModelFile file = ModelFile.read(files, path, weights, layouts, lambdas);
    if (!file.sha256().equals(sha256)) {
      throw new InvalidInputException(
          "Cannot use "
              + path
              + ": it changed since the driver read it, expected the SHA-256 "
              + sha256
              + ", found "
              + file.sha256());
    }
    return Models.read(file.source());
  }
}
