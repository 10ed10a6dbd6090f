package org.deepliftspark.job.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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

/** Reads a table of any Spark format that has a column of sequences. */
final class TableSource {
  /** Names, in lower case, by which the sequence column is found. */
  private static final Set<String> SEQUENCE_NAMES = Set.of("sequence", "seq");

  private TableSource() {}

  static SequenceSource open(
      SparkSession spark, HadoopFiles hadoop, SequenceSource.Request request, String format) {
    long bytes = SequenceSource.bytes(hadoop, request.inputs());
    Dataset<Row> table = load(spark, request.inputs(), format);
    StructType schema = table.schema();
    String sequence = sequenceColumn(schema, request.sequenceColumn());
    List<Column> columns = new ArrayList<>();
    columns.add(
        text(request.idColumn() == null ? null : field(schema, "--id-col", request.idColumn())));
    columns.add(column(sequence));
    columns.add(functions.lit(null).cast(DataTypes.StringType));
    List<StructField> kept = keptFields(schema, request.keptColumns());
    Column[] keptColumns = kept.stream().map(f -> column(f.name())).toArray(Column[]::new);
    columns.add(
        keptColumns.length == 0
            ? functions.lit(null).cast(DataTypes.StringType)
            : functions.to_json(functions.struct(keptColumns)));
    columns.addAll(Arrays.asList(keptColumns));
    Dataset<Row> rows =
        table.select(columns.toArray(new Column[0])).toDF(SourceSchema.of(kept).fieldNames());
    return new SequenceSource(rows, kept, false, bytes);
  }

  private static Dataset<Row> load(SparkSession spark, List<String> inputs, String format) {
    DataFrameReader reader = spark.read();
    String sparkFormat = format;
    if (format.equals(InputFormat.CSV) || format.equals(InputFormat.TSV)) {
      sparkFormat = InputFormat.CSV;
      reader.option("header", "true").option("sep", format.equals(InputFormat.TSV) ? "\t" : ",");
    }
    try {
      return reader.format(sparkFormat).load(inputs.toArray(new String[0]));
    } catch (Exception e) { // AnalysisException is checked, but not declared to Java
      String hint =
          format.equals("delta") ? ". Delta tables need --packages io.delta:delta-spark" : "";
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new InvalidInputException(
          "Cannot read " + String.join(", ", inputs) + " as " + format + ": " + reason + hint, e);
    }
  }

  private static String sequenceColumn(StructType schema, String asked) {
    if (asked != null) {
      StructField field = field(schema, "--sequence-col", asked);
      if (!field.dataType().equals(DataTypes.StringType)) {
        throw new InvalidInputException(
            "Invalid --sequence-col "
                + asked
                + ": expected a column of type string, found "
                + field.dataType().simpleString());
      }
      return field.name();
    }
    List<String> found =
        Arrays.stream(schema.fields())
            .filter(field -> field.dataType().equals(DataTypes.StringType))
            .map(StructField::name)
            .filter(name -> SEQUENCE_NAMES.contains(name.toLowerCase(Locale.ROOT)))
            .toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    throw new InvalidInputException(
        "Missing option --sequence-col: "
            + (found.isEmpty()
                ? "no column of strings is called sequence or seq"
                : "several columns fit")
            + "; columns: "
            + String.join(", ", schema.fieldNames()));
  }

  private static List<StructField> keptFields(StructType schema, List<String> names) {
    List<StructField> fields = new ArrayList<>();
    for (String name : names) {
      fields.add(field(schema, "--keep-cols", name));
    }
    return fields;
  }

  private static StructField field(StructType schema, String option, String name) {
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
    return field == null
        ? functions.lit(null).cast(DataTypes.StringType)
        : column(field.name()).cast(DataTypes.StringType);
  }

  /** A column by its very name, which may hold dots. */
  private static Column column(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }
}
