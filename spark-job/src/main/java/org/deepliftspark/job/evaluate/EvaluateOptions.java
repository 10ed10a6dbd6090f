package org.deepliftspark.job.evaluate;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.encode.ImagePreprocessing;
import org.deepliftspark.engine.encode.LengthPolicy;
import org.deepliftspark.engine.encode.UnknownBase;
import org.deepliftspark.engine.importer.ModelSource.InputLayout;
import org.deepliftspark.engine.reference.ReferenceSpec;
import org.deepliftspark.engine.rule.Method;
import org.deepliftspark.job.io.SequenceSource;

/**
 * Everything that an evaluation was told.
 *
 * @param model path of the model
 * @param weights of a Keras JSON model, or null
 * @param layouts of ONNX inputs, by name
 * @param lambdas what Keras Lambda layers compute, by layer
 * @param input what to read
 * @param policies what becomes of rows that do not fit
 * @param targets target strings
 * @param methods names of methods that are compared
 * @param metrics what is measured
 * @param draws references, what positions are replaced by, and random sets
 * @param sitesColumn with known sites, or null
 * @param contributionsColumn with contributions that are there already, or null
 * @param output folder to write to
 * @param backend {@code auto} or a backend's name
 */
public record EvaluateOptions(
    String model,
    String weights,
    Map<String, InputLayout> layouts,
    Map<String, String> lambdas,
    SequenceSource.Request input,
    Policies policies,
    List<String> targets,
    List<String> methods,
    List<Metric> metrics,
    Draws draws,
    String sitesColumn,
    String contributionsColumn,
    String output,
    String backend) {
  /** References of DNA where the options name none. */
  private static final String DNA_REFERENCES = "dinuc-shuffle:20";

  /** References of other inputs where the options name none. */
  private static final String OTHER_REFERENCES = "zeros";

  public EvaluateOptions {
    methods.forEach(Method::of);
    if (methods.isEmpty() && contributionsColumn == null) {
      throw new InvalidInputException(
          "Nothing to evaluate: name methods by --methods or a column by --contributions-col");
    }
    if (sitesColumn == null && metrics.stream().anyMatch(Metric::needsSites)) {
      throw new InvalidInputException(
          "Invalid --metrics: "
              + Metric.MOTIF_AUROC.key()
              + " and "
              + Metric.MISSED_MOTIFS.key()
              + " need --sites-col");
    }
  }

  /**
   * How values become inputs.
   *
   * @param length what becomes of sequences of another length
   * @param unknown what becomes of unknown letters
   * @param images what is done to images
   */
  public record Policies(LengthPolicy length, UnknownBase unknown, ImagePreprocessing images) {}

  /**
   * @param references as in {@code --references}: zeros, background or shuffles; null for what is
   *     usual for the input
   * @param baseline what positions are replaced by: zeros or background
   * @param subsets random sets per row and size
   * @param seed of all that is drawn; with the row's id it settles it
   */
  public record Draws(String references, String baseline, int subsets, long seed)
      implements Serializable {
    public Draws {
      if (!(ReferenceSpec.parse(baseline) instanceof ReferenceSpec.Zeros)
          && !(ReferenceSpec.parse(baseline) instanceof ReferenceSpec.Background)) {
        throw new InvalidInputException(
            "Invalid value '"
                + baseline
                + "' for --baseline: expected zeros or background:A,C,G,T");
      }
      ReferenceSpec spec = references == null ? null : ReferenceSpec.parse(references);
      if (spec instanceof ReferenceSpec.Npy
          || spec instanceof ReferenceSpec.Hold
          || spec instanceof ReferenceSpec.Table) {
        throw new InvalidInputException(
            "Invalid value '"
                + references
                + "' for --references: evaluate takes zeros, background and shuffles");
      }
    }

    /** The same with references that suit an input where none were named. */
    Draws orUsual(boolean dna) {
      String usual = dna ? DNA_REFERENCES : OTHER_REFERENCES;
      return new Draws(references == null ? usual : references, baseline, subsets, seed);
    }
  }
}
