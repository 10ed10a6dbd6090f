package org.deepliftspark.job.io;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.npy.NpyFile;

/**
 * Reads NumPy arrays {@code [rows, shape of the input]}: {@code .npy} for a model with one input,
 * {@code .npz} with an array for each, named as the inputs are. An {@code .npy} file is read by
 * many tasks, an {@code .npz} file by one, in memory.
 */
final class ArraySource {
  static final String NPY = "npy";
  static final String NPZ = "npz";

  /** Bytes of a file that one task reads. */
  private static final long BYTES_PER_TASK = 32L << 20;

  private static final StructType SLABS =
      new StructType()
          .add("path", DataTypes.StringType)
          .add("from", DataTypes.IntegerType)
          .add("count", DataTypes.IntegerType);

  private ArraySource() {}

  static SequenceSource open(
      SparkSession spark, HadoopFiles hadoop, SequenceSource.Request request, List<Node> inputs) {
    if (!request.columns().isEmpty()
        || request.idColumn() != null
        || !request.keptColumns().isEmpty()) {
      throw new InvalidInputException(
          "Invalid options for NumPy input: --sequence-col, --id-col and --keep-cols need a table");
    }
    Configuration configuration = spark.sparkContext().hadoopConfiguration();
    List<FileStatus> files = TextLines.files(hadoop, request.inputs());
    List<Row> slabs = new ArrayList<>();
    for (FileStatus file : files) {
      slabs.addAll(slabs(file, inputs, configuration));
    }
    List<InputColumn> columns =
        inputs.stream()
            .map(
                input ->
                    new InputColumn(input.name(), InputColumn.Kind.TENSOR, DataTypes.BinaryType))
            .toList();
    Dataset<Row> rows =
        spark
            .createDataFrame(slabs, SLABS)
            .repartition(Math.max(1, slabs.size()))
            .mapPartitions(
                new ArrayFunction(names(inputs), shapes(inputs), new HadoopSettings(configuration)),
                Encoders.row(SourceSchema.of(columns, List.of())));
    return new SequenceSource(() -> rows, columns, List.of(), TextLines.bytes(files));
  }

  private static List<String> names(List<Node> inputs) {
    return new ArrayList<>(inputs.stream().map(Node::name).toList());
  }

  private static List<int[]> shapes(List<Node> inputs) {
    return new ArrayList<>(inputs.stream().map(input -> input.shape().dims()).toList());
  }

  private static List<Row> slabs(FileStatus file, List<Node> inputs, Configuration configuration) {
    String path = file.getPath().toString();
    if (isZip(path)) {
      return List.of(RowFactory.create(path, 0, -1));
    }
    if (inputs.size() != 1) {
      throw new InvalidInputException(
          "Cannot score "
              + file.getPath().getName()
              + ": the model has "
              + inputs.size()
              + " inputs; give an .npz file with an array for each, named as the input is");
    }
    try (NpyFile array = open(path, configuration)) {
      check(array, file.getPath().getName(), inputs.get(0).shape().dims());
      int rows = (int) Math.max(1, BYTES_PER_TASK / Math.max(1, array.rowSize() * Float.BYTES));
      List<Row> slabs = new ArrayList<>();
      for (int from = 0; from < array.rows(); from += rows) {
        slabs.add(RowFactory.create(path, from, Math.min(rows, array.rows() - from)));
      }
      return slabs;
    }
  }

  static boolean isZip(String path) {
    return path.toLowerCase(Locale.ROOT).endsWith("." + NPZ);
  }

  static NpyFile open(String path, Configuration configuration) {
    org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(path);
    try {
      return NpyFile.open(
          HadoopBytes.open(file.getFileSystem(configuration), file), file.getName());
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read " + file.getName() + ": " + e.getMessage(), e);
    }
  }

  /**
   * @throws InvalidInputException if the array is not {@code [rows, shape...]}
   */
  static void check(NpyFile array, String name, int[] shape) {
    if (array.shape().length != shape.length + 1 || !Arrays.equals(array.rowShape(), shape)) {
      throw new InvalidInputException(
          "Cannot score "
              + name
              + ": expected an array of shape [rows, "
              + Arrays.toString(shape).substring(1)
              + ", found "
              + Arrays.toString(array.shape()));
    }
  }
}
