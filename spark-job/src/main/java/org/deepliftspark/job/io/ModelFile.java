package org.deepliftspark.job.io;

import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.job.Hashes;

/**
 * A model's bytes and what they are called.
 *
 * @param source what importers read
 * @param sha256 of the file and, where there are some, of the files with its weights after it, in
 *     hex
 */
public record ModelFile(ModelSource source, String sha256) {

  /**
   * Reads a model from any file system.
   *
   * @param weights path of a weights file, or null
   * @param lambdas what Keras's Lambda layers compute, by layer
   * @throws org.deepliftspark.engine.InvalidInputException if a file cannot be read
   */
  public static ModelFile read(
      HadoopFiles hadoop,
      String path,
      String weights,
      Map<String, ModelSource.InputLayout> layouts,
      Map<String, String> lambdas) {
    byte[] bytes = hadoop.read(path);
    byte[] weightBytes = weights == null ? null : hadoop.read(weights);
    org.apache.hadoop.fs.Path file = HadoopFiles.path(path);
    ModelSource source =
        new ModelSource(file.getName(), bytes, weightBytes, folder(hadoop, file), layouts, lambdas);
    return new ModelFile(source, Hashes.ofModel(source));
  }

  /** The folder of a local file, where ONNX looks for external data. */
  private static Path folder(HadoopFiles hadoop, org.apache.hadoop.fs.Path file) {
    FileSystem fs = hadoop.fileSystem(file);
    if (!(fs instanceof LocalFileSystem local)) {
      return null;
    }
    return local.pathToFile(file).toPath().toAbsolutePath().getParent();
  }
}
