package org.deepliftspark.job.evaluate;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.stddev_samp;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.Target;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.engine.encode.LengthPolicy;
import org.deepliftspark.engine.encode.OneHotEncoder;
import org.deepliftspark.engine.encode.UnknownBase;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.importer.Models;
import org.deepliftspark.engine.metric.Explainer;
import org.deepliftspark.engine.metric.Network;
import org.deepliftspark.engine.reference.ReferenceGenerator;
import org.deepliftspark.engine.reference.ReferenceSpec;
import org.deepliftspark.job.JobSession;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.io.InputColumn;
import org.deepliftspark.job.io.ModelFile;
import org.deepliftspark.job.io.SequenceSource;
import org.deepliftspark.job.io.SourceSchema;
import org.deepliftspark.job.partition.InputCodecs;
import org.deepliftspark.job.partition.RowInputs;

/**
 * The {@code evaluate} command: measures methods on the rows of a source and writes a Parquet row
 * per row, method, measure and place, and a chart per measure.
 */
public final class EvaluateJob {
  /** Columns of the output. */
  public static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.StringType)
          .add("target", DataTypes.StringType)
          .add("method", DataTypes.StringType)
          .add("metric", DataTypes.StringType)
          .add("place", DataTypes.DoubleType)
          .add("value", DataTypes.DoubleType);

  /** What a source calls the model's only input. */
  private static final String VALUE = "input_0";

  /** Column of a score output that says of which target its contributions are. */
  private static final String TARGET_COLUMN = "target";

  private final EvaluateOptions options;
  private final PrintStream out;
  private final Graph graph;
  private final List<String> targets;
  private final EvaluateOptions.Draws draws;

  private EvaluateJob(EvaluateOptions options, PrintStream out, Graph graph) {
    this.options = options;
    this.out = out;
    this.graph = graph;
    this.targets = DeepLift.targets(graph, options.targets()).stream().map(Target::name).toList();
    this.draws = options.draws().orUsual(SequenceSource.isDna(graph.inputs().get(0)));
  }

  /**
   * @param out gets the table of means
   * @throws org.deepliftspark.engine.DeepLiftException for what the user can mend
   */
  public static void run(EvaluateOptions options, PrintStream out) throws IOException {
    HadoopFiles hadoop = new HadoopFiles(JobSession.hadoop());
    ModelFile file =
        ModelFile.read(
            hadoop, options.model(), options.weights(), options.layouts(), options.lambdas());
    Graph graph = Models.read(file.source());
    EvaluateJob job = new EvaluateJob(options, out, graph);
    job.check();
    try (JobSession session = JobSession.open("deeplift-evaluate")) {
      job.run(session.spark(), hadoop);
    }
  }

  /** Opens everything once here, so that what is wrong stops the job before its first task. */
  private void check() {
    try (Network network = Network.open(graph, targets, options.backend())) {
      ReferenceGenerator.of(ReferenceSpec.parse(draws.baseline()), null).shared(network.shape());
    }
    for (String method : options.methods()) {
      Explainer.open(graph, method, targets, draws.references(), draws.seed(), options.backend())
          .close();
    }
  }

  private void run(SparkSession spark, HadoopFiles hadoop) throws IOException {
    Path output = new Path(options.output());
    FileSystem fs = output.getFileSystem(spark.sparkContext().hadoopConfiguration());
    if (fs.exists(output)) {
      throw new InvalidInputException(
          "Cannot write to --output " + output + ": it is there already; name a new folder");
    }
    SequenceSource source = SequenceSource.open(spark, hadoop, request(), graph.inputs());
    LongAccumulator refused = spark.sparkContext().longAccumulator("rows refused");
    RowInputs inputs = inputs(source.inputs().get(0).kind());
    Dataset<Row> rows = rows(source, inputs, refused);
    Broadcast<Graph> shared =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(graph);
    EvaluateFunction function =
        new EvaluateFunction(
            shared,
            inputs,
            options,
            draws,
            targets,
            kept(source, options.sitesColumn()),
            kept(source, options.contributionsColumn()),
            options.contributionsColumn() == null ? -1 : kept(source, TARGET_COLUMN));
    int tasks = spark.sparkContext().defaultParallelism();
    Dataset<Row> measured =
        rows.repartition(tasks, col(VALUE))
            .sortWithinPartitions(VALUE)
            .mapPartitions(function, Encoders.row(SCHEMA))
            .persist(StorageLevel.DISK_ONLY());
    try {
      measured.write().parquet(options.output());
      report(measured, fs, output);
      out.printf("%d rows refused%nresults in %s%n", refused.value(), output);
    } finally {
      measured.unpersist();
      shared.destroy();
    }
  }

  private RowInputs inputs(InputColumn.Kind kind) {
    Shape shape = graph.inputs().get(0).shape();
    InputCodecs codecs = new InputCodecs();
    switch (kind) {
      case SEQUENCE -> {
        int length = shape.size() / DnaAlphabet.SIZE;
        UnknownBase unknown = options.policies().unknown();
        codecs.sequence(
            OneHotEncoder.of(length, options.policies().length(), unknown, null),
            OneHotEncoder.of(
                length,
                LengthPolicy.REJECT,
                unknown == UnknownBase.REJECT ? UnknownBase.ZERO : unknown,
                null));
      }
      case TENSOR -> codecs.tensor(shape);
      case IMAGE -> codecs.image(shape, options.policies().images());
    }
    return codecs.rows();
  }

  private SequenceSource.Request request() {
    SequenceSource.Request given = options.input();
    List<String> kept = new ArrayList<>();
    if (options.sitesColumn() != null) {
      kept.add(options.sitesColumn());
    }
    if (options.contributionsColumn() != null) {
      kept.add(options.contributionsColumn());
      kept.add(TARGET_COLUMN);
    }
    return new SequenceSource.Request(
        given.inputs(), given.format(), given.columns(), given.idColumn(), kept, given.genome());
  }

  /** Rows that fit the model; of a score output, those of the targets. */
  private Dataset<Row> rows(SequenceSource source, RowInputs inputs, LongAccumulator refused) {
    Dataset<Row> all =
        options.contributionsColumn() == null
            ? source.rows()
            : source.rows().filter(col(TARGET_COLUMN).isin(targets.toArray()));
    return all.filter(new Fits(inputs, refused));
  }

  private static int kept(SequenceSource source, String column) {
    for (int i = 0; i < source.kept().size(); i++) {
      if (source.kept().get(i).name().equals(column)) {
        return SourceSchema.INPUTS_AT + 1 + i;
      }
    }
    return -1;
  }

  private void report(Dataset<Row> measured, FileSystem fs, Path output) throws IOException {
    List<String> methods = new ArrayList<>(options.methods());
    if (options.contributionsColumn() != null) {
      methods.add(EvaluateFunction.GIVEN);
    }
    List<Row> means =
        measured
            .groupBy("target", "method", "metric", "place")
            .agg(avg("value"), stddev_samp("value"), count("value"))
            .collectAsList();
    EvaluateReport report = new EvaluateReport(means, options.metrics(), methods, targets);
    out.print(report.table());
    for (Metric metric : options.metrics()) {
      Path chart = new Path(new Path(output, "_deeplift"), metric.key() + ".svg");
      try (OutputStream stream = fs.create(chart)) {
        stream.write(report.chart(metric).getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
