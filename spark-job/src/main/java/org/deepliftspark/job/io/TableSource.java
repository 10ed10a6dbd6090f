package org.deepliftspark.job.io;

import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Node;

/** Reads a table of any Spark format that has a column for each input of the model. */
final class TableSource {
  /** Spark's formats of files in folders. */
  private static final Set<String> FILE_FORMATS =
      Set.of("csv", "json", "parquet", "orc", "avro", "text", "xml", ImageSource.IMAGE);

  /** Those of text, which are unpacked by the endings of their names. */
  private static final Set<String> TEXT_FORMATS = Set.of("csv", "json", "text", "xml");

  private static final Column NO_TEXT = functions.lit(null).cast(DataTypes.StringType);
  private static final Column NO_NUMBER = functions.lit(null).cast(DataTypes.LongType);

  private TableSource() {}

  static SequenceSource open(
      SparkSession spark,
      HadoopFiles hadoop,
      SequenceSource.Request request,
      String format,
      List<Node> inputs) {
    long bytes = SequenceSource.bytes(hadoop, request.inputs());
    Table table = table(spark, hadoop, request.inputs(), format);
    return of(table.schema(), table.rows(), request, inputs, bytes);
  }

  /**
   * @param table asked for when its rows are needed
   */
  static SequenceSource of(
      StructType schema,
      Supplier<Dataset<Row>> table,
      SequenceSource.Request request,
      List<Node> inputs,
      long bytes) {
    List<InputColumns.Found> found = InputColumns.of(schema, request.columns(), inputs);
    List<InputColumn> fed = found.stream().map(InputColumns.Found::column).toList();
    List<StructField> kept = keptFields(schema, request.keptColumns());
    Column[] keptColumns = kept.stream().map(f -> column(f.name())).toArray(Column[]::new);
    List<Column> columns = new ArrayList<>();
    columns.add(
        text(request.idColumn() == null ? null : field(schema, "--id-col", request.idColumn())));
    columns.add(NO_TEXT); // problem
    columns.add(NO_TEXT); // detail
    columns.add(keptColumns.length == 0 ? NO_TEXT : to_json(struct(keptColumns)));
    columns.add(NO_TEXT); // chrom
    columns.add(NO_NUMBER); // start
    columns.add(NO_NUMBER); // end
    columns.add(NO_TEXT); // strand
    found.forEach(input -> columns.add(column(input.field().name())));
    columns.addAll(Arrays.asList(keptColumns));
    Column[] selected = columns.toArray(new Column[0]);
    String[] names = SourceSchema.of(fed, kept).fieldNames();
    return new SequenceSource(() -> table.get().select(selected).toDF(names), fed, kept, bytes);
  }

  /**
   * A table of files.
   *
   * @param rows found when they are asked for, which may need a look through the files
   */
  record Table(StructType schema, Supplier<Dataset<Row>> rows) {}

  static Table table(SparkSession spark, HadoopFiles hadoop, List<String> inputs, String format) {
    Dataset<Row> lines = load(spark, hadoop, inputs, format, false);
    if (!isCsv(format)) {
      return new Table(lines.schema(), () -> lines);
    }
    return new Table(
        lines.schema(),
        () ->
            CsvRecords.spanLines(spark, hadoop, inputs, separator(format))
                ? overLines(spark, hadoop, inputs, format, lines.schema())
                : lines);
  }

  /** CSV files with fields that hold line breaks; such a file is read by one task. */
  private static Dataset<Row> overLines(
      SparkSession spark,
      HadoopFiles hadoop,
      List<String> inputs,
      String format,
      StructType expected) {
    Dataset<Row> records = load(spark, hadoop, inputs, format, true);
    if (!records.schema().equals(expected)) {
      throw new InvalidInputException(
          "Cannot read "
              + String.join(", ", inputs)
              + " as "
              + format
              + ": a name of a column holds a line break; write all names in the first line");
    }
    return records;
  }

  private static boolean isCsv(String format) {
    return format.equals(InputFormat.CSV) || format.equals(InputFormat.TSV);
  }

  private static char separator(String format) {
    return format.equals(InputFormat.TSV) ? '\t' : ',';
  }

  /**
   * @param overLines whether records of CSV files go over lines
   */
  private static Dataset<Row> load(
      SparkSession spark,
      HadoopFiles hadoop,
      List<String> inputs,
      String format,
      boolean overLines) {
    DataFrameReader reader =
        Compression.with(spark.read(), spark.sparkContext().hadoopConfiguration());
    String sparkFormat = format;
    if (isCsv(format)) {
      sparkFormat = InputFormat.CSV;
      reader
          .option("header", "true")
          .option("enforceSchema", "false") // columns go by their names in every file
          .option("escape", "\"") // as RFC 4180 has it: quotes within quotes are doubled
          .option("multiLine", overLines)
          .option("sep", String.valueOf(separator(format)));
    }
    if (TEXT_FORMATS.contains(sparkFormat)) {
      Compression.requireKnown(
          spark.sparkContext().hadoopConfiguration(), TextLines.files(hadoop, inputs));
    }
    if (format.equals(ImageSource.BINARY_FILE)
        || (FILE_FORMATS.contains(sparkFormat) && hasPlainFolders(hadoop, inputs))) {
      reader.option("recursiveFileLookup", "true");
    }
    Connectors.require(
        spark, sparkFormat, "Cannot read " + String.join(", ", inputs) + " as " + sparkFormat);
    try {
      return reader.format(sparkFormat).load(inputs.toArray(new String[0]));
    } catch (Exception | AssertionError e) { // AnalysisException is checked, but not declared
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new InvalidInputException(
          "Cannot read " + String.join(", ", inputs) + " as " + format + ": " + reason, e);
    }
  }

  /**
   * Whether files lie in folders within folders that stand for no column. By itself Spark reads
   * such folders only if they stand for columns, and passes over files that lie beside those.
   *
   * @throws InvalidInputException if it would pass over some
   */
  private static boolean hasPlainFolders(HadoopFiles hadoop, List<String> inputs) {
    boolean plain = false;
    for (String input : inputs) {
      Set<String> folders = hadoop.foldersBelow(input);
      Optional<String> column = folders.stream().filter(folder -> folder.contains("=")).findFirst();
      Optional<String> other = folders.stream().filter(folder -> !folder.contains("=")).findFirst();
      if (column.isPresent() && other.isPresent()) {
        throw new InvalidInputException(
            "Cannot read "
                + input
                + ": files lie in "
                + (other.get().isEmpty() ? "the folder itself" : "its folder " + other.get())
                + " and in "
                + column.get()
                + ", whose name stands for a column. Give them as two jobs, or move the files");
      }
      plain |= other.isPresent() && !folders.equals(Set.of(""));
    }
    return plain;
  }

  static List<StructField> keptFields(StructType schema, List<String> names) {
    List<StructField> fields = new ArrayList<>();
    for (String name : names) {
      fields.add(field(schema, "--keep-cols", name));
    }
    return fields;
  }

  static StructField field(StructType schema, String option, String name) {
    return Arrays.stream(schema.fields())
        .filter(field -> field.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "Invalid "
                        + option
                        + " "
                        + name
                        + ": no such column; columns: "
                        + String.join(", ", schema.fieldNames())));
  }

  private static Column text(StructField field) {
    return field == null ? NO_TEXT : column(field.name()).cast(DataTypes.StringType);
  }

  /** A column by its very name, which may hold dots. */
  static Column column(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }
}
