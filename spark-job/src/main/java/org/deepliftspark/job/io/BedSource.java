package org.deepliftspark.job.io;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Node;

/** Reads BED and narrowPeak files, plain or compressed, with the bases of a genome. */
final class BedSource {

  private BedSource() {}

  static SequenceSource open(
      SparkSession spark, HadoopFiles hadoop, SequenceSource.Request request, List<Node> inputs) {
    InputColumn column = SequenceSource.onlySequence("BED", inputs);
    WindowReader.Spec windows = windows(spark, hadoop, request, inputs.get(0), "BED");
    List<StructField> kept = new ArrayList<>();
    for (String name : request.keptColumns()) {
      kept.add(DataTypes.createStructField(known("--keep-cols", name), DataTypes.StringType, true));
    }
    String id = request.idColumn() == null ? null : known("--id-col", request.idColumn());
    List<FileStatus> files = TextLines.files(hadoop, request.inputs());
    Dataset<Row> rows =
        TextLines.read(spark, files)
            .mapPartitions(
                new BedFunction(windows, id, request.keptColumns()),
                Encoders.row(SourceSchema.of(List.of(column), kept)));
    return new SequenceSource(
        () -> rows, List.of(column), kept, TextLines.bytes(files), windows.file().fingerprint());
  }

  /**
   * What tasks need to read windows.
   *
   * @param format for messages
   * @throws InvalidInputException if there is no genome, or it cannot be read
   */
  static WindowReader.Spec windows(
      SparkSession spark,
      HadoopFiles hadoop,
      SequenceSource.Request request,
      Node input,
      String format) {
    if (!request.columns().isEmpty()) {
      throw new InvalidInputException(
          "Invalid --sequence-col: " + format + " input gets its sequences from --genome");
    }
    if (request.genome().path() == null) {
      throw new InvalidInputException(
          "Missing option --genome for " + format + " input: a FASTA file with .fai, or 2bit");
    }
    GenomeFile file =
        GenomeFile.find(
            hadoop, spark.sparkContext().hadoopConfiguration(), request.genome().path());
    return new WindowReader.Spec(file, request.genome().edges(), SequenceSource.length(input));
  }

  private static String known(String option, String name) {
    if (!BedLine.NAMES.contains(name)) {
      throw new InvalidInputException(
          "Invalid "
              + option
              + " "
              + name
              + ": no such column of BED; columns: "
              + String.join(", ", BedLine.NAMES));
    }
    return name;
  }
}
