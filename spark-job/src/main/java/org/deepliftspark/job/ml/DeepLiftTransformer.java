package org.deepliftspark.job.ml;

import java.util.Locale;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.ModelSharing;
import org.deepliftspark.job.TableScoring;
import org.deepliftspark.job.cli.Options;
import org.deepliftspark.job.cli.ScoreOptions;

/**
 * Adds a column of contribution scores to a table with a column of DNA sequences, or of numbers for
 * models that take those.
 *
 * <p>Params are options of {@code score}: {@code idCol} is {@code --id-col}, and so on, with the
 * same meaning and defaults. The column {@code outputCol} is a struct: {@code problem} (why the row
 * has no scores; null if it has), {@code sequence} (as scored) and the score columns of {@code
 * score}; with several targets those are structs in the array {@code targets}. A row's numbers are
 * those that {@code score} gives for the same id, model and options. Without {@code idCol} a row's
 * shuffled references are seeded by its content.
 *
 * <p>The result is lazy as Spark's are: what is used twice is computed twice, unless it is cached
 * or written first. A saved stage holds the path of the model, not the model.
 */
public final class DeepLiftTransformer extends OptionStage implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final StringArrayParam model = texts(Options.MODEL);
  private final StringArrayParam weights = texts(Options.WEIGHTS);
  private final StringArrayParam modelLayout = texts(Options.MODEL_LAYOUT);
  private final StringArrayParam lambda = texts(Options.LAMBDA);
  private final Param<String> method = text(Options.METHOD);
  private final Param<String> profile = text(Options.PROFILE);
  private final StringArrayParam target = texts(Options.TARGET);
  private final Param<String> layer = text(Options.LAYER);
  private final BooleanParam hypothetical = flag(Options.HYPOTHETICAL);
  private final Param<String> reverseComplement = text(Options.REVERSE_COMPLEMENT);
  private final StringArrayParam sequenceCol = texts(Options.SEQUENCE_COL);
  private final Param<String> idCol = text(Options.ID_COL);
  private final Param<String> lengthPolicy = text(Options.LENGTH_POLICY);
  private final Param<String> unknownBase = text(Options.UNKNOWN_BASE);
  private final StringArrayParam references = texts(Options.REFERENCES);
  private final BooleanParam keepReferences = flag(Options.KEEP_REFERENCES);
  private final LongParam seed = number(Options.SEED);
  private final Param<String> layout = text(Options.LAYOUT);
  private final Param<String> encoding = text(Options.ENCODING);
  private final Param<String> backend = text(Options.BACKEND);
  private final Param<String> precision = text(Options.PRECISION);
  private final Param<String> batch = text(Options.BATCH);
  private final Param<String> memoryPerTask = text(Options.MEMORY_PER_TASK);
  private final Param<String> outputCol =
      text("outputCol", "name of the column with the scores", "deeplift");
  private final Param<String> shareModel =
      text(
          "shareModel",
          "auto|broadcast|path: how the model reaches the executors; by path each reads its file,"
              + " which auto does where the session has no Spark context",
          "auto");

  public DeepLiftTransformer() {
    this(Identifiable.randomUID("deepLift"));
  }

  /**
   * @param uid of this stage
   */
  public DeepLiftTransformer(String uid) {
    super(uid);
  }

  private TableScoring scoring() {
    return TableScoring.open(ScoreOptions.ofTable(texts()));
  }

  /**
   * The table with the column of scores.
   *
   * @throws org.deepliftspark.engine.DeepLiftException if the model cannot be read, an option is
   *     not valid or a column is missing
   */
  @Override
  public Dataset<Row> transform(Dataset<?> table) {
    return scoring().add(table.toDF(), getOrDefault(outputCol), sharing());
  }

  private ModelSharing sharing() {
    String word = getOrDefault(shareModel);
    for (ModelSharing sharing : ModelSharing.values()) {
      if (sharing.name().toLowerCase(Locale.ROOT).equals(word)) {
        return sharing;
      }
    }
    throw new InvalidInputException(
        "Invalid shareModel '" + word + "': expected auto, broadcast or path");
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return scoring().schema(schema, getOrDefault(outputCol));
  }

  @Override
  public DeepLiftTransformer copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  private <T> DeepLiftTransformer with(Param<T> param, T value) {
    set(param, value);
    return this;
  }

  public static MLReader<DeepLiftTransformer> read() {
    return new DefaultParamsReader<>();
  }

  public static DeepLiftTransformer load(String path) {
    return read().load(path);
  }

  public StringArrayParam model() {
    return model;
  }

  public DeepLiftTransformer setModel(String... values) {
    return with(model, values);
  }

  public StringArrayParam weights() {
    return weights;
  }

  public DeepLiftTransformer setWeights(String... values) {
    return with(weights, values);
  }

  public StringArrayParam modelLayout() {
    return modelLayout;
  }

  public DeepLiftTransformer setModelLayout(String... values) {
    return with(modelLayout, values);
  }

  public Param<String> method() {
    return method;
  }

  public DeepLiftTransformer setMethod(String value) {
    return with(method, value);
  }

  public Param<String> profile() {
    return profile;
  }

  public DeepLiftTransformer setProfile(String value) {
    return with(profile, value);
  }

  public StringArrayParam target() {
    return target;
  }

  public DeepLiftTransformer setTarget(String... values) {
    return with(target, values);
  }

  public Param<String> layer() {
    return layer;
  }

  public DeepLiftTransformer setLayer(String value) {
    return with(layer, value);
  }

  public StringArrayParam lambda() {
    return lambda;
  }

  public DeepLiftTransformer setLambda(String... values) {
    return with(lambda, values);
  }

  public BooleanParam hypothetical() {
    return hypothetical;
  }

  public DeepLiftTransformer setHypothetical(boolean value) {
    return with(hypothetical, value);
  }

  public Param<String> reverseComplement() {
    return reverseComplement;
  }

  public DeepLiftTransformer setReverseComplement(String value) {
    return with(reverseComplement, value);
  }

  public StringArrayParam sequenceCol() {
    return sequenceCol;
  }

  public DeepLiftTransformer setSequenceCol(String... values) {
    return with(sequenceCol, values);
  }

  public Param<String> idCol() {
    return idCol;
  }

  public DeepLiftTransformer setIdCol(String value) {
    return with(idCol, value);
  }

  public Param<String> lengthPolicy() {
    return lengthPolicy;
  }

  public DeepLiftTransformer setLengthPolicy(String value) {
    return with(lengthPolicy, value);
  }

  public Param<String> unknownBase() {
    return unknownBase;
  }

  public DeepLiftTransformer setUnknownBase(String value) {
    return with(unknownBase, value);
  }

  public StringArrayParam references() {
    return references;
  }

  public DeepLiftTransformer setReferences(String... values) {
    return with(references, values);
  }

  public BooleanParam keepReferences() {
    return keepReferences;
  }

  public DeepLiftTransformer setKeepReferences(boolean value) {
    return with(keepReferences, value);
  }

  public LongParam seed() {
    return seed;
  }

  public DeepLiftTransformer setSeed(long value) {
    return with(seed, value);
  }

  public Param<String> layout() {
    return layout;
  }

  public DeepLiftTransformer setLayout(String value) {
    return with(layout, value);
  }

  public Param<String> encoding() {
    return encoding;
  }

  public DeepLiftTransformer setEncoding(String value) {
    return with(encoding, value);
  }

  public Param<String> backend() {
    return backend;
  }

  public DeepLiftTransformer setBackend(String value) {
    return with(backend, value);
  }

  public Param<String> precision() {
    return precision;
  }

  public DeepLiftTransformer setPrecision(String value) {
    return with(precision, value);
  }

  public Param<String> batch() {
    return batch;
  }

  public DeepLiftTransformer setBatch(String value) {
    return with(batch, value);
  }

  public Param<String> memoryPerTask() {
    return memoryPerTask;
  }

  public DeepLiftTransformer setMemoryPerTask(String value) {
    return with(memoryPerTask, value);
  }

  public Param<String> outputCol() {
    return outputCol;
  }

  public DeepLiftTransformer setOutputCol(String value) {
    return with(outputCol, value);
  }

  public Param<String> shareModel() {
    return shareModel;
  }

  public DeepLiftTransformer setShareModel(String value) {
    return with(shareModel, value);
  }
}
