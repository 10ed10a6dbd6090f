package org.deepliftspark.job.io;

import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Node;

/** Reads image files: each is a row, named by its path. */
final class ImageSource {
  /** Spark's sources of files as they are, and of pixels. */
  static final String BINARY_FILE = "binaryFile";

  static final String IMAGE = "image";

  /** What users call the first. */
  static final String IMAGES = "images";

  private ImageSource() {}

  static SequenceSource open(
      SparkSession spark,
      HadoopFiles hadoop,
      SequenceSource.Request request,
      String format,
      List<Node> inputs) {
    if (inputs.size() != 1) {
      throw new InvalidInputException(
          "Cannot score image files: the model has "
              + inputs.size()
              + " inputs; give a table with a column for each (--sequence-col INPUT=COLUMN)");
    }
    String column = format.equals(IMAGE) ? "image" : "content";
    String id = format.equals(IMAGE) ? null : "path";
    SequenceSource.Request files =
        new SequenceSource.Request(
            request.inputs(),
            format,
            request.columns().isEmpty() ? List.of(column) : request.columns(),
            request.idColumn() == null ? id : request.idColumn(),
            request.keptColumns(),
            request.genome());
    return TableSource.open(spark, hadoop, files, format, inputs);
  }
}
