package org.deepliftspark.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.engine.encode.LengthPolicy;
import org.deepliftspark.engine.encode.OneHotEncoder;
import org.deepliftspark.engine.encode.UnknownBase;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.npy.Npy;
import org.deepliftspark.engine.npy.NpyArray;
import org.deepliftspark.engine.reference.ReferenceGenerator;
import org.deepliftspark.engine.reference.ReferenceSpec;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.io.ReferenceTable;
import org.deepliftspark.job.io.SequenceSource;
import org.deepliftspark.job.partition.ModelInput;
import org.deepliftspark.job.partition.References;

/** Settles the references of a model's inputs. */
final class JobInputs {
  /** References of DNA where the options name none. */
  static final String DNA_REFERENCES = "dinuc-shuffle:20";

  /** References of other inputs where the options name none. */
  static final String OTHER_REFERENCES = "zeros";

  private JobInputs() {}

  /**
   * @param tables opens a table of references
   * @param found gets the tables, per input; null where references come from elsewhere
   * @param unknown gets the numbers that stand for an unknown base, per input; null where it is not
   *     DNA
   * @throws InvalidInputException if references do not fit an input
   */
  static List<ModelInput> of(
      Graph graph,
      JobOptions options,
      HadoopFiles hadoop,
      Function<String, ReferenceTable> tables,
      List<float[]> unknown,
      List<ReferenceTable> found) {
    List<String> texts =
        PerInput.of(
            "--references",
            options.references().texts(),
            graph.inputs(),
            input -> SequenceSource.isDna(input) ? DNA_REFERENCES : OTHER_REFERENCES);
    List<ModelInput> inputs = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      Node input = graph.inputs().get(i);
      boolean dna = SequenceSource.isDna(input);
      ReferenceSpec spec = ReferenceSpec.parse(texts.get(i));
      float[] unknownRow = dna ? unknownRow(spec, options.input().unknownBase()) : null;
      unknown.add(unknownRow);
      ReferenceTable table =
          spec instanceof ReferenceSpec.Table stored ? tables.apply(stored.path()) : null;
      found.add(table);
      References references =
          table == null
              ? references(spec, unknownRow, input.shape(), options, hadoop)
              : stored(spec, table, i, dna, input.shape());
      inputs.add(new ModelInput(input.name(), input.shape(), dna, references));
    }
    if (inputs.stream().allMatch(input -> input.references() instanceof References.Held)) {
      throw new InvalidInputException(
          "Invalid --references: every input is held, so there is nothing to explain");
    }
    return inputs;
  }

  /** What stands for an unknown base: with background references their frequencies. */
  private static float[] unknownRow(ReferenceSpec spec, UnknownBase policy) {
    float[] row = new float[DnaAlphabet.SIZE];
    Arrays.fill(row, policy == UnknownBase.BACKGROUND ? 1f / DnaAlphabet.SIZE : 0);
    if (policy == UnknownBase.BACKGROUND
        && spec instanceof ReferenceSpec.Background background
        && !background.uniform()) {
      row = new float[background.numbers().size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = background.numbers().get(i);
      }
    }
    return row;
  }

  private static References references(
      ReferenceSpec spec, float[] unknownRow, Shape shape, JobOptions options, HadoopFiles hadoop) {
    long seed = options.references().seed();
    if (spec instanceof ReferenceSpec.Hold) {
      return new References.Held();
    }
    if (spec instanceof ReferenceSpec.Npy npy) {
      byte[] bytes = hadoop.read(npy.path());
      return new References.Generated(
          spec + "#" + Hashes.sha256(bytes), given(Npy.read(bytes, npy.path()), npy, shape), seed);
    }
    float[] letters = options.input().unknownBase() == UnknownBase.BACKGROUND ? unknownRow : null;
    return new References.Generated(spec.toString(), ReferenceGenerator.of(spec, letters), seed);
  }

  private static References stored(
      ReferenceSpec spec, ReferenceTable table, int input, boolean dna, Shape shape) {
    if (table.letters() && !dna) {
      throw new InvalidInputException(
          "Invalid --references " + spec + ": sequences for an input of shape " + shape);
    }
    OneHotEncoder letters =
        table.letters()
            ? OneHotEncoder.of(
                shape.size() / DnaAlphabet.SIZE, LengthPolicy.REJECT, UnknownBase.ZERO, null)
            : null;
    return new References.Stored(
        spec.toString(), "deeplift_references_" + input, table.count(), letters);
  }

  /** References of a file, {@code [R, shape...]} or {@code [1, R, shape...]}. */
  private static ReferenceGenerator given(NpyArray array, ReferenceSpec.Npy npy, Shape shape) {
    int[] dims = array.shape();
    int extra = dims.length - shape.rank();
    boolean fits = extra == 1 || (extra == 2 && dims[0] == 1);
    for (int axis = 0; fits && axis < shape.rank(); axis++) {
      fits = dims[extra + axis] == shape.dim(axis);
    }
    if (!fits) {
      throw new InvalidInputException(
          "Invalid references "
              + npy.path()
              + ": expected an array [references, "
              + shape.toString().substring(1)
              + " for all rows, found "
              + Arrays.toString(dims));
    }
    return ReferenceGenerator.given(array.numbers().floats(), dims[extra - 1]);
  }
}
