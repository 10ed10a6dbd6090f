package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.engine.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SparkHarness.class)
class ReferenceTableTest extends JobTestBase {
  private static final String FIRST = "ACGTTACGGACT";
  private static final String SECOND = "TTTTGGGGCCCC";
  private static final DataType TEXTS = DataTypes.createArrayType(DataTypes.StringType);

  private Path table(SparkSession spark, String name, DataType type, Row... rows) {
    StructType schema = new StructType().add("id", DataTypes.StringType).add("references", type);
    Path path = folder.resolve(name + ".parquet");
    spark.createDataFrame(List.of(rows), schema).write().mode("overwrite").parquet(path.toString());
    return path;
  }

  @Test
  void eachRowIsComparedWithItsOwnReferences(SparkSession spark) throws Exception {
    Path table =
        table(
            spark,
            "references",
            TEXTS,
            RowFactory.create("s0", List.of(FIRST, SECOND)),
            RowFactory.create("s1", List.of(SECOND, SECOND)),
            RowFactory.create("s3", List.of(FIRST)),
            RowFactory.create("s4", List.of(FIRST, "ACGT")));
    Path input = fasta("in.fa", TestModel.sequences(5, 3));
    RunReport report =
        score(
            spark,
            input,
            "--references=table:" + table,
            "--keep-references",
            "--max-rejected-fraction=1");
    assertThat(report.rejected()).containsExactly(Map.entry("references", 3L));
    List<String> details =
        rejected(spark).selectExpr("detail").orderBy("id").collectAsList().stream()
            .map(row -> row.getString(0))
            .toList();
    assertThat(details)
        .containsExactly(
            "no references in the table",
            "1 references, the first row of the table has 2",
            "a reference has length 4, model expects 12");
    Map<String, Row> rows = scoresById(spark);
    assertThat(rows).containsOnlyKeys("s0", "s1");
    double mean = (model.predict(FIRST, 0) + model.predict(SECOND, 0)) / 2;
    assertThat(rows.get("s0").<Double>getAs("reference_prediction")).isCloseTo(mean, within(1e-5));
    assertThat(rows.get("s1").<Double>getAs("reference_prediction"))
        .isCloseTo(model.predict(SECOND, 0), within(1e-5));
    Row first = rows.get("s0");
    assertThat(first.<String>getList(first.fieldIndex("references")))
        .isEqualTo(List.of(FIRST, SECOND));
  }

  @Test
  void anotherTableBehindThePathIsNoticedByAResume(SparkSession spark) throws Exception {
    Row first = RowFactory.create("s0", List.of(FIRST, SECOND));
    Row second = RowFactory.create("s1", List.of(SECOND, SECOND));
    Path table = table(spark, "references", TEXTS, first, second);
    String[] options = {"--references=table:" + table, "--mode=resume"};
    score(spark, fasta("in.fa", TestModel.sequences(1, 3)), options);
    Path input = fasta("in.fa", TestModel.sequences(2, 3));
    table(spark, "references", TEXTS, second, first); // the same rows in another order
    assertThat(score(spark, input, options).scored()).isEqualTo(1);
    Row other = RowFactory.create("s1", List.of(SECOND, FIRST));
    table(spark, "references", TEXTS, first, other);
    assertThatThrownBy(() -> score(spark, input, options))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageMatching(
            "Cannot add to "
                + output()
                + ": its scores were made with another --references: expected the fingerprint 2"
                + " rows, [0-9a-f]{16} \\(_deeplift/run.json\\), found the fingerprint 2 rows,"
                + " [0-9a-f]{16}\\. Give the same, or another --output");
  }

  @Test
  void aTableThatDoesNotFitIsRefused(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", FIRST);
    Path twice =
        table(
            spark,
            "twice",
            TEXTS,
            RowFactory.create("s0", List.of(FIRST)),
            RowFactory.create("s0", List.of(SECOND)));
    assertThatThrownBy(() -> score(spark, input, "--references=table:" + twice))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Invalid --references table:" + twice + ": id s0 is there more than once");
    Path text = table(spark, "text", DataTypes.StringType, RowFactory.create("s0", FIRST));
    assertThatThrownBy(() -> score(spark, input, "--references=table:" + text))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageEndingWith(
            "expected column references of type array of string, or array of arrays of numbers,"
                + " found string");
  }
}
