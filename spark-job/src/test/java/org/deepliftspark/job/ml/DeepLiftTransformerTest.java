package org.deepliftspark.job.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.DeepLiftJob;
import org.deepliftspark.job.SparkHarness;
import org.deepliftspark.job.partition.ExecutableCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkHarness.class)
class DeepLiftTransformerTest {
  private static final String MODEL = "src/main/resources/demo/talgata.keras";
  private static final int LENGTH = 200;

  private static final StructType SCHEMA =
      new StructType()
          .add("name", DataTypes.StringType)
          .add("dna", DataTypes.StringType)
          .add("a.b", SQLDataTypes.VectorType());

  @TempDir Path folder;

  private static DeepLiftTransformer transformer() {
    return new DeepLiftTransformer()
        .setModel(MODEL)
        .setTarget("0")
        .setReferences("dinuc-shuffle:3")
        .setSequenceCol("dna")
        .setIdCol("name");
  }

  /** Rows {@code r0, r1, ...} of random sequences. */
  private static List<Row> rows(int count) {
    Random random = new Random(5);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder letters = new StringBuilder();
      random.ints(LENGTH, 0, 4).forEach(base -> letters.append("ACGT".charAt(base)));
      rows.add(RowFactory.create("r" + i, letters.toString(), Vectors.dense(i, 1)));
    }
    return rows;
  }

  private static Dataset<Row> table(SparkSession spark, List<Row> rows) {
    return spark.createDataFrame(rows, SCHEMA).repartition(2);
  }

  private static Map<String, Row> byName(Dataset<Row> rows) {
    return rows.collectAsList().stream()
        .collect(Collectors.toMap(row -> row.getAs("name"), Function.identity()));
  }

  @Test
  void theNumbersAreThoseOfTheJob(SparkSession spark) {
    Dataset<Row> table = table(spark, rows(40));
    String input = folder.resolve("table").toString();
    String output = folder.resolve("scores").toString();
    table.drop("a.b").write().parquet(input);
    DeepLiftJob.main(
        ("--model " + MODEL + " --input " + input + " --input-format parquet --target 0")
            .concat(" --references dinuc-shuffle:3 --sequence-col dna --id-col name --output ")
            .concat(output)
            .split(" "));

    Dataset<Row> added = transformer().transform(table);
    Map<String, Row> expected =
        spark.read().parquet(output).collectAsList().stream()
            .collect(Collectors.toMap(row -> row.getAs("id"), Function.identity()));
    assertThat(added.columns()).containsExactly("name", "dna", "a.b", "deeplift");
    Map<String, Row> found = byName(added);
    assertThat(found).hasSize(40);
    found.forEach(
        (name, row) -> {
          Row scores = row.getAs("deeplift");
          assertThat(scores.<String>getAs("problem")).isNull();
          assertThat(scores.<String>getAs("sequence")).isEqualTo(row.getAs("dna"));
          for (String column : List.of("target", "prediction", "n_references", "contributions")) {
            assertThat(scores.<Object>getAs(column)).isEqualTo(expected.get(name).getAs(column));
          }
        });
  }

  @Test
  void aRowThatCannotBeScoredKeepsItsPlaceAndSaysWhy(SparkSession spark) {
    List<Row> rows = rows(50);
    for (int i : new int[] {0, 1, 7, 48, 49}) {
      rows.set(i, RowFactory.create("r" + i, i == 7 ? null : "ACGT", null));
    }
    rows.set(20, RowFactory.create(null, rows.get(20).getString(1), null));
    Dataset<Row> table = spark.createDataFrame(rows, SCHEMA).coalesce(1);
    List<Row> added = transformer().setBatch("4").transform(table).collectAsList();
    assertThat(added.stream().map(row -> row.<String>getAs("name")).toList())
        .isEqualTo(rows.stream().map(row -> row.getString(0)).toList());
    for (int i = 0; i < added.size(); i++) {
      Row scores = added.get(i).getAs("deeplift");
      boolean good = rows.get(i).getString(0) != null && rows.get(i).get(2) != null;
      assertThat(scores.<Object>getAs("contributions") != null).as("row %s", i).isEqualTo(good);
      assertThat(scores.<String>getAs("problem") == null).as("row %s", i).isEqualTo(good);
    }
    assertThat(problem(added.get(0))).contains("200").contains("4");
    assertThat(problem(added.get(7))).contains("sequence");
    assertThat(problem(added.get(20))).isEqualTo("no id");
  }

  private static String problem(Row row) {
    return row.<Row>getAs("deeplift").getAs("problem");
  }

  @Test
  void aTableWithoutAGoodRowIsNotAFailure(SparkSession spark) {
    List<Row> rows = List.of(RowFactory.create("a", "A", null), RowFactory.create("b", "C", null));
    assertThat(transformer().transform(table(spark, rows)).collectAsList())
        .hasSize(2)
        .allSatisfy(row -> assertThat(problem(row)).isNotNull());
    assertThat(transformer().transform(table(spark, List.of())).collectAsList()).isEmpty();
  }

  @Test
  void severalTargetsAreAnArray(SparkSession spark) {
    Dataset<Row> table = table(spark, rows(9));
    Map<String, Row> both = byName(transformer().setTarget("0", "2").transform(table));
    Map<String, Row> second = byName(transformer().setTarget("2").transform(table));
    both.forEach(
        (name, row) -> {
          List<Row> targets = row.<Row>getAs("deeplift").getList(2);
          assertThat(targets.stream().map(target -> target.<String>getAs("target")).toList())
              .isEqualTo(List.of("0", "2"));
          assertThat(targets.get(1).<Double>getAs("prediction"))
              .isEqualTo(second.get(name).<Row>getAs("deeplift").<Double>getAs("prediction"));
        });
  }

  @Test
  void itIsAStageOfAPipelineThatIsSavedAndLoaded(SparkSession spark) throws Exception {
    Dataset<Row> table = table(spark, rows(10));
    DeepLiftTransformer stage = transformer().setOutputCol("why").setSeed(7).setHypothetical(true);
    PipelineModel pipeline = new Pipeline().setStages(new PipelineStage[] {stage}).fit(table);
    String path = folder.resolve("pipeline").toString();
    pipeline.write().save(path);
    PipelineModel loaded = PipelineModel.load(path);
    assertThat(loaded.transformSchema(SCHEMA)).isEqualTo(stage.transform(table).schema());
    assertThat(byName(loaded.transform(table))).isEqualTo(byName(stage.transform(table)));
    DeepLiftTransformer again = (DeepLiftTransformer) loaded.stages()[0];
    assertThat(again.uid()).isEqualTo(stage.uid());
    assertThat(again.getOrDefault(again.seed())).isEqualTo(7L);
  }

  @Test
  void aSessionWithoutAContextReadsTheModelOnTheExecutors(SparkSession spark) throws Exception {
    Path model = Files.copy(Path.of(MODEL), folder.resolve("copy.keras"));
    Dataset<Row> table = table(spark, rows(6));
    DeepLiftTransformer stage =
        transformer().setModel(model.toString()).setShareModel("path").setSeed(11);
    Dataset<Row> lazy = stage.transform(table);
    assertThat(byName(lazy)).isEqualTo(byName(transformer().setSeed(11).transform(table)));

    ExecutableCache.instance().closeIdle(); // so that the model is read again
    Files.writeString(model, "another");
    assertThatThrownBy(lazy::collectAsList).hasMessageContaining("copy.keras: it changed");
    refused(() -> transformer().setShareModel("mail").transform(table))
        .hasMessage("Invalid shareModel 'mail': expected auto, broadcast or path");
  }

  @Test
  void sparkConnectFindsIt() {
    // By their types, as Spark does: not all of Spark's own can be made without arguments.
    assertThat(ServiceLoader.load(Transformer.class).stream().map(ServiceLoader.Provider::type))
        .anyMatch(DeepLiftTransformer.class::equals);
  }

  @Test
  void everyParamIsAnOptionOfScoreWithItsDefault() {
    DeepLiftTransformer stage = new DeepLiftTransformer();
    assertThat(Arrays.stream(stage.params()).map(param -> param.name()))
        .contains("model", "idCol", "lengthPolicy", "references", "outputCol")
        .hasSize(25);
    assertThat(stage.getOrDefault(stage.method())).isEqualTo("rescale");
    assertThat(stage.explainParams()).contains("lengthPolicy: reject|center|pad");
  }

  @Test
  void whatIsWrongIsOneLine(SparkSession spark) {
    Dataset<Row> table = table(spark, rows(1));
    refused(() -> transformer().setIdCol("id").transform(table))
        .hasMessage("Invalid --id-col id: no such column; columns: name, dna, a.b, deeplift_row");
    refused(() -> transformer().setOutputCol("dna").transform(table))
        .hasMessage("Invalid outputCol dna: the table has a column of that name");
    refused(() -> transformer().setLengthPolicy("cut").transformSchema(SCHEMA))
        .hasMessageContaining("Invalid value 'cut' for --length-policy");
    refused(() -> transformer().setModel("no-such.keras").transform(table))
        .hasMessageContaining("no-such.keras");
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> refused(Runnable transform) {
    return assertThatThrownBy(transform::run).isInstanceOf(InvalidInputException.class);
  }
}
