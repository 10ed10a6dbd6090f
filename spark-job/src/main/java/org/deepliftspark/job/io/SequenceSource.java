package org.deepliftspark.job.io;

import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.engine.graph.Node;

/**
 * What a model is fed with, as a dataset of {@link SourceSchema}.
 *
 * @param reading gives the rows, not yet read; may look through the files to find out how
 * @param inputs columns that feed the model, in the order of its inputs; of variants once more for
 *     the window with the alternate allele
 * @param kept columns that go to the output as they are
 * @param bytes of all input files as they are stored, for planning
 * @param genome tells the genome that was given from others; null if none was
 */
public record SequenceSource(
    Supplier<Dataset<Row>> reading,
    List<InputColumn> inputs,
    List<StructField> kept,
    long bytes,
    String genome) {

  SequenceSource(
      Supplier<Dataset<Row>> reading,
      List<InputColumn> inputs,
      List<StructField> kept,
      long bytes) {
    this(reading, inputs, kept, bytes, null);
  }

  /**
   * What to read.
   *
   * @param inputs files, folders and patterns
   * @param format {@code auto}, {@code fasta}, {@code bed}, {@code vcf}, or a Spark format
   * @param columns names of columns that feed the model, as {@code [INPUT=]COLUMN}; empty to find
   *     them
   * @param idColumn null for none
   * @param keptColumns columns to keep
   * @param genome where intervals get their bases from; null for none
   */
  public record Request(
      List<String> inputs,
      String format,
      List<String> columns,
      String idColumn,
      List<String> keptColumns,
      GenomeRequest genome) {
    /** Value of {@code format} that goes by the files' names. */
    public static final String AUTO = "auto";
  }

  /**
   * A genome and what becomes of windows that reach beyond a chromosome's ends.
   *
   * @param path of a FASTA or 2bit file; null for none
   */
  public record GenomeRequest(String path, EdgePolicy edges) {}

  /**
   * Checks the input and makes ready to read it.
   *
   * @param inputs of the model
   * @throws InvalidInputException if a file is missing, of an unknown format, or lacks a column
   */
  public static SequenceSource open(
      SparkSession spark, HadoopFiles hadoop, Request request, List<Node> inputs) {
    String format =
        request.format().equals(Request.AUTO)
            ? InputFormat.detect(hadoop, request.inputs())
            : request.format();
    boolean genome = request.genome().path() != null;
    boolean places =
        switch (format) {
          case InputFormat.FASTA,
              ArraySource.NPY,
              ArraySource.NPZ,
              ImageSource.IMAGES,
              ImageSource.BINARY_FILE,
              ImageSource.IMAGE ->
              false;
          default -> true;
        };
    if (genome && !places) {
      throw new InvalidInputException(
          "Invalid --genome: input of format "
              + format
              + " names no places; a genome is for bed, vcf and tables of variants");
    }
    return switch (format) {
      case InputFormat.BED -> BedSource.open(spark, hadoop, request, inputs);
      case InputFormat.VCF -> VariantSource.vcf(spark, hadoop, request, inputs);
      case InputFormat.FASTA -> FastaSource.open(spark, hadoop, request, inputs);
      case ArraySource.NPY, ArraySource.NPZ -> ArraySource.open(spark, hadoop, request, inputs);
      case ImageSource.IMAGES, ImageSource.BINARY_FILE ->
          ImageSource.open(spark, hadoop, request, ImageSource.BINARY_FILE, inputs);
      case ImageSource.IMAGE -> ImageSource.open(spark, hadoop, request, format, inputs);
      default ->
          genome
              ? VariantSource.table(spark, hadoop, request, format, inputs)
              : TableSource.open(spark, hadoop, request, format, inputs);
    };
  }

  /**
   * A table that is there already.
   *
   * @throws InvalidInputException if it lacks a column, or one has the wrong type
   */
  public static SequenceSource ofTable(Dataset<Row> table, Request request, List<Node> inputs) {
    return TableSource.of(table.schema(), () -> table, request, inputs, 0);
  }

  /** The rows, not yet read. */
  public Dataset<Row> rows() {
    return reading.get();
  }

  static long bytes(HadoopFiles hadoop, List<String> inputs) {
    return inputs.stream()
        .flatMap(input -> hadoop.files(input).stream())
        .mapToLong(file -> file.getLen())
        .sum();
  }

  /**
   * The column of a format that holds sequences and nothing else.
   *
   * @throws InvalidInputException if the model takes something else, or more
   */
  static InputColumn onlySequence(String format, List<Node> inputs) {
    if (inputs.size() != 1 || !isDna(inputs.get(0))) {
      throw new InvalidInputException(
          "Cannot score "
              + format
              + " input: it gives sequences for a model with one input of shape [length, 4], found "
              + String.join(", ", inputs.stream().map(node -> node.name() + node.shape()).toList())
              + "; give a table with a column for each (--sequence-col INPUT=COLUMN)");
    }
    return new InputColumn(inputs.get(0).name(), InputColumn.Kind.SEQUENCE, DataTypes.StringType);
  }

  /** Whether an input of a model takes DNA: {@code [length, 4]}, axes of length 1 before it. */
  public static boolean isDna(Node input) {
    int rank = input.shape().rank();
    boolean flat = rank >= 2 && input.shape().dim(-1) == DnaAlphabet.SIZE;
    for (int axis = 0; flat && axis < rank - 2; axis++) {
      flat = input.shape().dim(axis) == 1;
    }
    return flat;
  }

  /** Bases that a DNA input takes. */
  static int length(Node input) {
    return input.shape().size() / DnaAlphabet.SIZE;
  }
}
