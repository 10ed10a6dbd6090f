package org.deepliftspark.engine.backend;

import java.util.List;
import org.deepliftspark.engine.program.Axis;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program.Sizes;
import org.deepliftspark.engine.program.Value;

/** Takes some rows out of a batch, and out of its results. */
final class RowPicker {
  private RowPicker() {}

  static Batch batch(Batch batch, int... rows) {
    return new Batch(
        rows.length,
        picked(batch.inputs(), batch.rows(), rows),
        picked(batch.references(), batch.rows(), rows));
  }

  private static List<float[]> picked(List<float[]> arrays, int count, int[] rows) {
    return arrays.stream().map(array -> array == null ? null : picked(array, count, rows)).toList();
  }

  private static float[] picked(float[] array, int count, int[] rows) {
    int size = array.length / count;
    float[] picked = new float[rows.length * size];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(array, rows[i] * size, picked, i * size, size);
    }
    return picked;
  }

  /** The rows of an output, {@code [axes before rows, rows, axes after rows, shape...]}. */
  static Numbers rows(Numbers numbers, Value value, Sizes sizes, int count, int... rows) {
    if (!value.extent().has(Axis.ROW)) {
      return numbers;
    }
    int outer = 1;
    for (Axis axis : value.extent().axes().subList(0, value.extent().axes().indexOf(Axis.ROW))) {
      outer *= sizes.of(axis, count);
    }
    int inner = numbers.length() / outer / count;
    double[] picked = new double[outer * rows.length * inner];
    for (int i = 0; i < picked.length; i++) {
      int row = rows[i / inner % rows.length];
      picked[i] = numbers.get((i / inner / rows.length * count + row) * inner + i % inner);
    }
    return numbers.isDouble() ? Numbers.of(picked) : Numbers.of(floats(picked));
  }

  private static float[] floats(double[] numbers) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }
}
