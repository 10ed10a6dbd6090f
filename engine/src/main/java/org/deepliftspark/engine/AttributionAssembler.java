package org.deepliftspark.engine;

import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.Attribution.Scores;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Elements;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.rule.ProgramCompiler;

/**
 * Makes an attribution of a program's outputs: averages over references, in their order and one row
 * at a time, so that no row's numbers depend on the others, and sums contributions in double for
 * the convergence delta.
 */
final class AttributionAssembler {
  private final Program program;
  private final List<Node> inputs;

  AttributionAssembler(Program program, List<Node> inputs) {
    this.program = program;
    this.inputs = inputs;
  }

  Attribution assemble(int rows, Map<String, Numbers> outputs) {
    Program.Sizes sizes = program.sizes();
    int targets = sizes.targets();
    int references = sizes.references();
    boolean inDouble = outputs.get(ProgramCompiler.PREDICTION).isDouble();
    double[] sums = new double[rows * targets * references];
    Scores[] scores = new Scores[inputs.size()];
    for (int i = 0; i < scores.length; i++) {
      if (outputs.containsKey(ProgramCompiler.CONTRIBUTIONS + i)) {
        addSums(ProgramCompiler.CONTRIBUTIONS + i, rows, outputs, sums);
        scores[i] =
            new Scores(
                averaged(ProgramCompiler.CONTRIBUTIONS + i, rows, outputs),
                averaged(ProgramCompiler.MULTIPLIERS + i, rows, outputs),
                averaged(ProgramCompiler.HYPOTHETICAL + i, rows, outputs));
      }
    }
    Numbers predictions = spread(ProgramCompiler.PREDICTION, rows, 1, outputs);
    Numbers ofReferences = spread(ProgramCompiler.REFERENCE_PREDICTION, rows, references, outputs);
    double[] deltas = new double[sums.length];
    for (int i = 0; i < deltas.length; i++) {
      deltas[i] = sums[i] - (predictions.get(i / references) - ofReferences.get(i));
    }
    Numbers delta = inDouble ? Numbers.of(deltas) : Numbers.of(Numbers.of(deltas).floats());
    return new Attribution(
        rows,
        targets,
        references,
        scores,
        predictions,
        spread(ProgramCompiler.MODEL_OUTPUT, rows, 1, outputs),
        ofReferences,
        delta);
  }

  /**
   * An output of shape [targets] and extent within {row, reference}, as [rows, targets,
   * references].
   */
  private Numbers spread(String name, int rows, int references, Map<String, Numbers> outputs) {
    Numbers values = outputs.get(name);
    Elements elements = new Elements(program, name, rows);
    int targets = program.sizes().targets();
    double[] spread = new double[rows * targets * references];
    for (int i = 0; i < spread.length; i++) {
      int row = i / (targets * references);
      spread[i] =
          values.get(elements.of(0, 0, row, i % references) * targets + i / references % targets);
    }
    return values.isDouble() ? Numbers.of(spread) : Numbers.of(Numbers.of(spread).floats());
  }

  private void addSums(String name, int rows, Map<String, Numbers> outputs, double[] sums) {
    Numbers values = outputs.get(name);
    Elements elements = new Elements(program, name, rows);
    int references = program.sizes().references();
    int targets = program.sizes().targets();
    for (int i = 0; i < sums.length; i++) {
      double sum = 0;
      for (int sample = 0; sample < elements.samples(); sample++) {
        int row = i / (references * targets);
        int element = elements.of(i / references % targets, sample, row, i % references);
        for (int k = element * elements.size(); k < (element + 1) * elements.size(); k++) {
          sum += values.get(k);
        }
      }
      sums[i] += sum / elements.samples();
    }
  }

  /**
   * The mean over references and samples, as [rows, targets, shape...]; null if the program has no
   * such output.
   */
  private Numbers averaged(String name, int rows, Map<String, Numbers> outputs) {
    Numbers values = outputs.get(name);
    if (values == null) {
      return null;
    }
    Elements elements = new Elements(program, name, rows);
    int targets = program.sizes().targets();
    int references = elements.varyOver(Axis.REFERENCE) ? program.sizes().references() : 1;
    Numbers mean = Numbers.zeros(rows * targets * elements.size(), values.isDouble());
    for (int i = 0; i < rows * targets; i++) {
      for (int reference = 0; reference < references; reference++) {
        for (int sample = 0; sample < elements.samples(); sample++) {
          int from = elements.of(i % targets, sample, i / targets, reference) * elements.size();
          add(values, from, mean, i * elements.size(), elements.size());
        }
      }
      divide(mean, i * elements.size(), elements.size(), references * elements.samples());
    }
    return mean;
  }

  private static void add(Numbers values, int from, Numbers sum, int to, int count) {
    if (values.isDouble()) {
      double[] source = values.doubles();
      double[] target = sum.doubles();
      for (int k = 0; k < count; k++) {
        target[to + k] += source[from + k];
      }
    } else {
      float[] source = values.floats();
      float[] target = sum.floats();
      for (int k = 0; k < count; k++) {
        target[to + k] += source[from + k];
      }
    }
  }

  private static void divide(Numbers sum, int from, int count, int divisor) {
    if (divisor == 1) {
      return;
    }
    if (sum.isDouble()) {
      double[] numbers = sum.doubles();
      for (int k = from; k < from + count; k++) {
        numbers[k] /= divisor;
      }
    } else {
      float[] numbers = sum.floats();
      for (int k = from; k < from + count; k++) {
        numbers[k] /= divisor;
      }
    }
  }
}
