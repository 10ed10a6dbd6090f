package org.deepliftspark.job.io;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.split;
import static org.apache.spark.sql.functions.trim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Node;

/** Reads variants from VCF files or from tables with columns chrom, pos, ref and alt. */
final class VariantSource {
  /** Columns of VCF by their places; those behind INFO are not read. */
  private static final List<String> VCF_COLUMNS =
      List.of("CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO");

  /** What VCF writes where there is no value. */
  private static final String NO_VALUE = ".";

  private static final List<String> TABLE_COLUMNS = List.of("chrom", "pos", "ref", "alt");

  /** Names of columns differ in more than their case. */
  private static final String ID_IN_OUTPUT = "variant_id";

  private VariantSource() {}

  /** Variants of VCF files, plain or compressed. */
  static SequenceSource vcf(
      SparkSession spark, HadoopFiles hadoop, SequenceSource.Request request, List<Node> inputs) {
    List<FileStatus> files = TextLines.files(hadoop, request.inputs());
    Dataset<Row> lines =
        TextLines.read(spark, files)
            .toDF("line")
            .filter(not(col("line").startsWith("#")).and(trim(col("line")).notEqual("")));
    Column parts = split(col("line"), "\t"); // of a line that is too short, get gives null
    List<Column> columns = new ArrayList<>(List.of(col("line")));
    for (int at : new int[] {0, 1, 3, 4}) {
      columns.add(get(parts, lit(at)));
    }
    List<StructField> kept = new ArrayList<>();
    for (String name : request.keptColumns()) {
      columns.add(get(parts, lit(vcfColumn("--keep-cols", name))));
      String shown = name.equals("ID") ? ID_IN_OUTPUT : name;
      kept.add(DataTypes.createStructField(shown, DataTypes.StringType, true));
    }
    columns.add(
        request.idColumn() == null
            ? lit(null).cast(DataTypes.StringType)
            : nullif(get(parts, lit(vcfColumn("--id-col", request.idColumn()))), lit(NO_VALUE)));
    Dataset<Row> variants = lines.select(columns.toArray(new Column[0]));
    return of(spark, hadoop, request, inputs, () -> variants, kept, TextLines.bytes(files));
  }

  private static int vcfColumn(String option, String name) {
    int at = VCF_COLUMNS.indexOf(name);
    if (at < 0) {
      throw new InvalidInputException(
          "Invalid "
              + option
              + " "
              + name
              + ": no such column of VCF; columns: "
              + String.join(", ", VCF_COLUMNS));
    }
    return at;
  }

  /** Variants of a table; the columns may be written in any case. */
  static SequenceSource table(
      SparkSession spark,
      HadoopFiles hadoop,
      SequenceSource.Request request,
      String format,
      List<Node> inputs) {
    long bytes = SequenceSource.bytes(hadoop, request.inputs());
    TableSource.Table table = TableSource.table(spark, hadoop, request.inputs(), format);
    StructType schema = table.schema();
    List<Column> columns = new ArrayList<>(List.of(lit(null).cast(DataTypes.StringType)));
    for (String name : TABLE_COLUMNS) {
      columns.add(TableSource.column(tableColumn(schema, name)).cast(DataTypes.StringType));
    }
    List<StructField> kept = TableSource.keptFields(schema, request.keptColumns());
    kept.forEach(field -> columns.add(TableSource.column(field.name())));
    columns.add(
        request.idColumn() == null
            ? lit(null).cast(DataTypes.StringType)
            : TableSource.column(TableSource.field(schema, "--id-col", request.idColumn()).name())
                .cast(DataTypes.StringType));
    Column[] selected = columns.toArray(new Column[0]);
    return of(
        spark, hadoop, request, inputs, () -> table.rows().get().select(selected), kept, bytes);
  }

  private static String tableColumn(StructType schema, String name) {
    List<String> found =
        Arrays.stream(schema.fieldNames())
            .filter(field -> field.toLowerCase(Locale.ROOT).equals(name))
            .toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    throw new InvalidInputException(
        "Cannot read variants: --genome with a table needs its columns chrom, pos, ref and alt; columns: "
            + String.join(", ", schema.fieldNames()));
  }

  private static SequenceSource of(
      SparkSession spark,
      HadoopFiles hadoop,
      SequenceSource.Request request,
      List<Node> inputs,
      Supplier<Dataset<Row>> variants,
      List<StructField> kept,
      long bytes) {
    InputColumn column = SequenceSource.onlySequence("variant", inputs);
    WindowReader.Spec windows = BedSource.windows(spark, hadoop, request, inputs.get(0), "variant");
    List<InputColumn> columns = List.of(column, column);
    List<StructField> all = new ArrayList<>(VariantColumns.FIELDS);
    all.addAll(kept);
    VariantFunction function =
        new VariantFunction(windows, request.idColumn() != null, kept.size());
    return new SequenceSource(
        () -> variants.get().mapPartitions(function, Encoders.row(SourceSchema.of(columns, all))),
        columns,
        all,
        bytes,
        windows.file().fingerprint());
  }
}
