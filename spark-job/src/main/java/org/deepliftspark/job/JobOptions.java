package org.deepliftspark.job;

import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.backend.GpuOptions;
import org.deepliftspark.engine.encode.ImagePreprocessing;
import org.deepliftspark.engine.encode.LengthPolicy;
import org.deepliftspark.engine.encode.UnknownBase;
import org.deepliftspark.engine.importer.ModelSource.InputLayout;
import org.deepliftspark.engine.rule.RuleProfile;
import org.deepliftspark.job.io.SequenceSource;

/**
 * Everything that a scoring job was told, checked as far as it can be without looking at files.
 *
 * @param resolved every option with its value, defaults included, as a user would write it; for
 *     provenance
 */
public record JobOptions(
    Model model,
    Input input,
    References references,
    Output output,
    Quality quality,
    Engine engine,
    Map<String, Object> resolved) {

  /**
   * @param paths of the models whose scores are averaged
   * @param weights of Keras JSON models, one for each; empty if they need none
   * @param layouts of ONNX inputs, by name ({@code ""} for all)
   * @param lambdas what Keras's Lambda layers compute, by layer
   * @param targets target strings; empty if the model has one output unit
   * @param layer that targets are read out at; null for the model's output
   * @param bothStrands whether scores are averaged over a row and its reverse complement
   */
  public record Model(
      List<String> paths,
      List<String> weights,
      Map<String, InputLayout> layouts,
      Map<String, String> lambdas,
      String method,
      RuleProfile profile,
      List<String> targets,
      String layer,
      boolean hypothetical,
      boolean bothStrands) {}

  /** What to read and what becomes of rows that do not fit. */
  public record Input(
      SequenceSource.Request source,
      LengthPolicy lengthPolicy,
      UnknownBase unknownBase,
      ImagePreprocessing preprocessing) {}

  /**
   * @param texts specifications as {@code [INPUT=]SPEC}; empty for the defaults
   * @param keep whether rows hold their references
   * @param seed of shuffles
   */
  public record References(List<String> texts, boolean keep, long seed) {}

  /**
   * @param rowsPerFile 0 for no limit
   */
  public record Output(
      String folder,
      OutputFormat format,
      OutputMode mode,
      Layout layout,
      Encoding encoding,
      List<String> partitionBy,
      int rowsPerFile,
      String compression) {}

  /**
   * @param maxDelta or null for no limit
   * @param rejected folder of rejected rows, or null for the one under the output
   */
  public record Quality(Double maxDelta, double maxRejectedFraction, String rejected) {}

  /**
   * @param batch rows per batch; 0 for what the backend prefers
   * @param memoryBytes native memory of a task; 0 for the backend's own choice
   * @param partitions number of tasks; 0 to go by speed
   * @param taskMinutes that a task is to take
   * @param gpu for backends on GPUs; the device is Spark's choice
   * @param tasksPerGpu tasks that share a GPU; 0 where Spark's settings say it
   * @param mixedDevices whether executors without a GPU that works use their processor
   */
  public record Engine(
      String backend,
      Precision precision,
      int batch,
      long memoryBytes,
      int partitions,
      double taskMinutes,
      GpuOptions gpu,
      int tasksPerGpu,
      boolean mixedDevices) {}
}
