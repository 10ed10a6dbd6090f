package org.deepliftspark.job.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.backend.GpuOptions;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.importer.ModelSource.InputLayout;
import org.deepliftspark.engine.rule.RuleProfile;

/** Options of the table as the engine takes them. */
final class EngineOptions {

  private EngineOptions() {}

  /**
   * What the engine is to compute, for commands that run it.
   *
   * @param references one per input of the model
   */
  static DeepLiftOptions.Builder of(
      OptionValues values, Graph graph, List<ReferenceMode> references) {
    return DeepLiftOptions.builder()
        .method(values.get(Options.METHOD))
        .profile(RuleProfile.of(values.get(Options.PROFILE)))
        .targets(targets(values, graph))
        .references(references)
        .hypothetical(values.get(Options.HYPOTHETICAL))
        .backend(values.get(Options.BACKEND))
        .precision(precision(values))
        .memoryBytes(values.get(Options.MEMORY_PER_TASK))
        .gpu(gpu(values, GpuOptions.CONCURRENT_CALLS_DEFAULT));
  }

  /** How GPUs are used; the first one, where Spark does not choose. */
  static GpuOptions gpu(OptionValues values, int concurrentCalls) {
    return new GpuOptions(
        0,
        values.get(Options.GPU_MEMORY),
        values.get(Options.CUDNN_SEARCH),
        values.get(Options.TF32),
        concurrentCalls);
  }

  /** The targets of a model, as the engine takes them. */
  static List<String> targets(OptionValues values, Graph graph) {
    return DeepLift.targetsAt(graph, values.get(Options.LAYER), values.all(Options.TARGET));
  }

  static Precision precision(OptionValues values) {
    return Precision.valueOf(values.get(Options.PRECISION).toUpperCase(Locale.ROOT));
  }

  /** Threads to compute on; one per processor if the option leaves it open. */
  static int threads(OptionValues values) {
    int threads = values.get(Options.THREADS);
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }

  /** How ONNX inputs are laid out, by input name; {@code ""} stands for all. */
  static Map<String, InputLayout> layouts(OptionValues values) {
    Map<String, InputLayout> layouts = new LinkedHashMap<>();
    for (String text : values.all(Options.MODEL_LAYOUT)) {
      int equals = text.lastIndexOf('=');
      String input = equals < 0 ? "" : text.substring(0, equals);
      layouts.put(input, layout(text, text.substring(equals + 1)));
    }
    return layouts;
  }

  /** What Keras's Lambda layers compute, by layer name; the importer knows the functions. */
  static Map<String, String> lambdas(OptionValues values) {
    Map<String, String> lambdas = new LinkedHashMap<>();
    for (String text : values.all(Options.LAMBDA)) {
      int equals = text.lastIndexOf('=');
      if (equals < 1) {
        throw new InvalidInputException(
            "Invalid value '" + text + "' for " + Options.LAMBDA + ": expected LAYER=FUNCTION");
      }
      lambdas.put(text.substring(0, equals), text.substring(equals + 1));
    }
    return lambdas;
  }

  private static InputLayout layout(String text, String word) {
    try {
      return Values.oneOf(InputLayout.class).parse(word);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(
          "Invalid value '"
              + text
              + "' for "
              + Options.MODEL_LAYOUT
              + ": expected "
              + e.getMessage(),
          e);
    }
  }
}
