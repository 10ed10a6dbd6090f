package org.deepliftspark.job.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;
import org.deepliftspark.engine.npy.NpyFile;

/** Turns slabs of arrays, {@code [path, from, count]}, into rows of {@link SourceSchema}. */
final class ArrayFunction implements MapPartitionsFunction<Row, Row> {
  private final List<String> names;
  private final List<int[]> shapes;
  private final HadoopSettings settings;

  /**
   * @param names of the model's inputs
   * @param shapes of their rows
   */
  ArrayFunction(List<String> names, List<int[]> shapes, HadoopSettings settings) {
    this.names = names;
    this.shapes = shapes;
    this.settings = settings;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> slabs) {
    return new Rows(slabs);
  }

  private final class Rows implements Iterator<Row> {
    private final Iterator<Row> slabs;
    private List<NpyFile> arrays = Collections.emptyList();
    private int at;
    private int end;

    Rows(Iterator<Row> slabs) {
      this.slabs = slabs;
      TaskContext task = TaskContext.get();
      if (task != null) {
        task.addTaskCompletionListener((TaskCompletionListener) ended -> close());
      }
    }

    private void close() {
      arrays.forEach(NpyFile::close);
      arrays = Collections.emptyList();
    }

    @Override
    public boolean hasNext() {
      while (at == end && slabs.hasNext()) {
        close();
        Row slab = slabs.next();
        String path = slab.getString(0);
        Configuration configuration = settings.configuration();
        arrays =
            ArraySource.isZip(path)
                ? NpzFile.open(path, names, shapes, configuration)
                : new ArrayList<>(List.of(ArraySource.open(path, configuration)));
        at = slab.getInt(1);
        end = slab.getInt(2) < 0 ? arrays.get(0).rows() : at + slab.getInt(2);
      }
      return at < end;
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      SourceRow row = new SourceRow(arrays.size(), 0);
      for (int i = 0; i < arrays.size(); i++) {
        float[] numbers = arrays.get(i).rows(at, 1);
        ByteBuffer bytes =
            ByteBuffer.allocate(Math.multiplyExact(numbers.length, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(numbers);
        row.input(i, bytes.array());
      }
      at++;
      return row.row();
    }
  }
}
