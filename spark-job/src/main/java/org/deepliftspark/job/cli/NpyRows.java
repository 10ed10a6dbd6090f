package org.deepliftspark.job.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.npy.NpyFile;

/**
 * The rows of one input in an {@code .npy} file {@code [rows, shape...]}, channels-last. Any number
 * of threads.
 */
final class NpyRows implements InputRows {
  private final NpyFile file;
  private final Shape shape;

  private NpyRows(NpyFile file, Shape shape) {
    this.file = file;
    this.shape = shape;
  }

  /**
   * Opens the files of all inputs of a model.
   *
   * @throws InvalidInputException if an input has no file, or its shape does not fit
   */
  static List<InputRows> open(OptionValues values, Graph graph) {
    List<String> texts = values.perInput(Options.INPUTS, graph);
    List<InputRows> inputs = new ArrayList<>();
    try {
      for (int i = 0; i < texts.size(); i++) {
        inputs.add(open(texts.get(i), graph.inputs().get(i).shape()));
      }
      return inputs;
    } catch (RuntimeException e) {
      inputs.forEach(InputRows::close);
      throw e;
    }
  }

  /**
   * @param text the option's value
   * @param shape of the model's input
   * @throws InvalidInputException if there is no such file, or its shape does not fit
   */
  private static NpyRows open(String text, Shape shape) {
    NpyFile file = NpyFile.open(LocalModel.path(Options.INPUTS, text));
    int[] found = file.shape();
    if (found.length != shape.rank() + 1 || !Arrays.equals(file.rowShape(), shape.dims())) {
      file.close();
      throw invalid(
          text,
          "expected shape [rows, %s, found %s"
              .formatted(shape.toString().substring(1), Arrays.toString(found)));
    }
    if (found[0] == 0) {
      file.close();
      throw invalid(text, "expected at least 1 row, found shape " + Arrays.toString(found));
    }
    return new NpyRows(file, shape);
  }

  @Override
  public int rows() {
    return file.rows();
  }

  /**
   * @throws InvalidInputException if a number is not finite
   */
  @Override
  public float[] rows(int from, int count) {
    float[] rows = file.rows(from, count);
    for (int i = 0; i < rows.length; i++) {
      if (!Float.isFinite(rows[i])) {
        throw invalid(
            file.name(),
            "row " + (from + i / shape.size()) + " holds " + rows[i] + ", expected finite numbers");
      }
    }
    return rows;
  }

  private static InvalidInputException invalid(String name, String problem) {
    return new InvalidInputException("Invalid " + Options.INPUTS + " " + name + ": " + problem);
  }

  @Override
  public void close() {
    file.close();
  }
}
