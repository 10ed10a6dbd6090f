package org.deepliftspark.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.io.SequenceSource;
import org.deepliftspark.job.io.StoredModel;
import org.deepliftspark.job.partition.AddScoresFunction;
import org.deepliftspark.job.partition.AttributionFunction;
import org.deepliftspark.job.partition.EngineSpec;
import org.deepliftspark.job.partition.GraphHandle;
import org.deepliftspark.job.partition.GraphHandles;
import org.deepliftspark.job.partition.RowCodec;
import org.deepliftspark.job.partition.RowInputs;
import org.deepliftspark.job.partition.ScoreMetrics;

/**
 * Scores rows of a table that is there already: the same plan and the same numbers as those of a
 * job, but lazily, a row for each row, in a column beside the table's own. Rows that cannot be
 * scored say why in that column; nothing is gathered by id, so equal rows are scored as often as
 * they occur.
 */
public final class TableScoring {
  private static final String TABLE_ROW = "deeplift_row";
  private static final String CONTENT = "content";

  private final JobPlan plan;
  private final JobOptions options;

  private TableScoring(JobPlan plan, JobOptions options) {
    this.plan = plan;
    this.options = options;
  }

  /**
   * Reads the model and settles what will be computed.
   *
   * @param options made by {@link org.deepliftspark.job.cli.ScoreOptions#ofTable}
   * @throws org.deepliftspark.engine.DeepLiftException for what the user can mend
   */
  public static TableScoring open(JobOptions options) {
    JobPlan plan = ScoreJob.plan(options);
    if (plan.tables().stream().anyMatch(Objects::nonNull)) {
      throw new InvalidInputException(
          "Invalid references "
              + plan.spec().references()
              + ": references from a table are for the score command");
    }
    return new TableScoring(plan, options);
  }

  /**
   * The table's columns and, last, the one with scores.
   *
   * @throws InvalidInputException if a column that is needed is missing, or the name is taken
   */
  public StructType schema(StructType table, String scoresColumn) {
    if (Arrays.asList(table.fieldNames()).contains(scoresColumn)) {
      throw new InvalidInputException(
          "Invalid outputCol " + scoresColumn + ": the table has a column of that name");
    }
    return table.add(scoresColumn, AddScoresFunction.type(codec(source(emptyTable(table)))));
  }

  /**
   * Adds the column with scores; nothing is computed before the result is used.
   *
   * @param sharing how the model reaches the executors
   */
  public Dataset<Row> add(Dataset<Row> table, String scoresColumn, ModelSharing sharing) {
    StructType schema = schema(table.schema(), scoresColumn);
    SparkSession spark = table.sparkSession();
    SequenceSource source = source(table);
    RowCodec codec = codec(source);
    RowInputs inputs = plan.rowInputs(source);
    SparkContext context = sharing.context(spark);
    JobPlan settled = plan.on(backend(spark, context));
    AttributionFunction attribution =
        new AttributionFunction(
            context == null ? stored() : GraphHandles.broadcast(spark, plan.graphs()).all(),
            settled.specs(),
            codec,
            options.engine().batch(),
            context == null ? ScoreMetrics.unsummed() : ScoreMetrics.of(context));
    boolean idColumn = options.input().source().idColumn() != null;
    StructType pairs =
        new StructType()
            .add(TABLE_ROW, table.schema())
            .add(scoresColumn, schema.apply(scoresColumn).dataType());
    return source
        .rows()
        .withColumn(CONTENT, lit(null).cast(DataTypes.StringType))
        .mapPartitions(
            new AddScoresFunction(attribution, inputs, idColumn, codec), Encoders.row(pairs))
        .select(col(TABLE_ROW + ".*"), quoted(scoresColumn));
  }

  /** What all executors compute on. */
  private EngineSpec backend(SparkSession spark, SparkContext context) {
    if (context == null) {
      return BackendChoice.onProcessor(plan, options);
    }
    GpuScheduling gpus = new GpuScheduling(spark, 0);
    return BackendChoice.settle(gpus, plan, options, null, System.err).spec();
  }

  private List<GraphHandle> stored() {
    JobOptions.Model model = options.model();
    List<GraphHandle> handles = new ArrayList<>();
    for (int i = 0; i < model.paths().size(); i++) {
      handles.add(
          GraphHandle.stored(
              StoredModel.of(
                  JobSession.hadoop(),
                  model.paths().get(i),
                  model.weights().isEmpty() ? null : model.weights().get(i),
                  model.layouts(),
                  model.lambdas(),
                  plan.hashes().get(i))));
    }
    return handles;
  }

  private static Dataset<Row> emptyTable(StructType schema) {
    return SparkSession.active().createDataFrame(List.of(), schema);
  }

  /** The table's rows as a source, with the whole row as the only column to keep. */
  private SequenceSource source(Dataset<Row> table) {
    SequenceSource.Request asked = options.input().source();
    Column[] all = Arrays.stream(table.columns()).map(TableScoring::quoted).toArray(Column[]::new);
    SequenceSource.Request request =
        new SequenceSource.Request(
            asked.inputs(),
            asked.format(),
            asked.columns(),
            asked.idColumn(),
            List.of(TABLE_ROW),
            asked.genome());
    return SequenceSource.ofTable(
        table.withColumn(TABLE_ROW, struct(all)), request, plan.graph().inputs());
  }

  private RowCodec codec(SequenceSource source) {
    return ScoreRun.codec(plan, options, source);
  }

  private static Column quoted(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }
}
