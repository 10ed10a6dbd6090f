package org.deepliftspark.job.ml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.ml.Transformer;
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
import org.deepliftspark.job.cli.Option;
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
public final class DeepLiftTransformer extends Transformer implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Map<Param<?>, Option<?>> options = new LinkedHashMap<>();
  private final StringArrayParam model;
  private final StringArrayParam weights;
  private final StringArrayParam modelLayout;
  private final StringArrayParam lambda;
  private final Param<String> method;
  private final Param<String> profile;
  private final StringArrayParam target;
  private final Param<String> layer;
  private final BooleanParam hypothetical;
  private final Param<String> reverseComplement;
  private final StringArrayParam sequenceCol;
  private final Param<String> idCol;
  private final Param<String> lengthPolicy;
  private final Param<String> unknownBase;
  private final StringArrayParam references;
  private final BooleanParam keepReferences;
  private final LongParam seed;
  private final Param<String> layout;
  private final Param<String> encoding;
  private final Param<String> backend;
  private final Param<String> precision;
  private final Param<String> batch;
  private final Param<String> memoryPerTask;
  private final Param<String> outputCol;
  private final Param<String> shareModel;

  public DeepLiftTransformer() {
    this(Identifiable.randomUID("deepLift"));
  }

  /**
   * @param uid of this stage
   */
  public DeepLiftTransformer(String uid) {
    this.uid = uid; // first: Params ask for it when they are made
    model = texts(Options.MODEL);
    weights = texts(Options.WEIGHTS);
    modelLayout = texts(Options.MODEL_LAYOUT);
    method = text(Options.METHOD);
    profile = text(Options.PROFILE);
    target = texts(Options.TARGET);
    layer = text(Options.LAYER);
    lambda = texts(Options.LAMBDA);
    hypothetical = flag(Options.HYPOTHETICAL);
    reverseComplement = text(Options.REVERSE_COMPLEMENT);
    sequenceCol = texts(Options.SEQUENCE_COL);
    idCol = text(Options.ID_COL);
    lengthPolicy = text(Options.LENGTH_POLICY);
    unknownBase = text(Options.UNKNOWN_BASE);
    references = texts(Options.REFERENCES);
    keepReferences = flag(Options.KEEP_REFERENCES);
    seed = number(Options.SEED);
    layout = text(Options.LAYOUT);
    encoding = text(Options.ENCODING);
    backend = text(Options.BACKEND);
    precision = text(Options.PRECISION);
    batch = text(Options.BATCH);
    memoryPerTask = text(Options.MEMORY_PER_TASK);
    outputCol = new Param<>(this, "outputCol", "name of the column with the scores");
    setDefault(outputCol, "deeplift");
    shareModel =
        new Param<>(
            this,
            "shareModel",
            "auto|broadcast|path: how the model reaches the executors; by path each reads its file,"
                + " which auto does where the session has no Spark context");
    setDefault(shareModel, "auto");
  }

  private Param<String> text(Option<?> option) {
    Param<String> param = new Param<>(this, name(option), doc(option));
    if (option.defaultText() != null) {
      setDefault(param, option.defaultText());
    }
    options.put(param, option);
    return param;
  }

  private StringArrayParam texts(Option<?> option) {
    StringArrayParam param = new StringArrayParam(this, name(option), doc(option));
    options.put(param, option);
    return param;
  }

  private BooleanParam flag(Option<Boolean> option) {
    BooleanParam param = new BooleanParam(this, name(option), doc(option));
    setDefault(param, Boolean.valueOf(option.defaultText()));
    options.put(param, option);
    return param;
  }

  private LongParam number(Option<Long> option) {
    LongParam param = new LongParam(this, name(option), doc(option));
    setDefault(param, Long.valueOf(option.defaultText()));
    options.put(param, option);
    return param;
  }

  /** The key of an option as a Java name: {@code length-policy} is {@code lengthPolicy}. */
  private static String name(Option<?> option) {
    StringBuilder name = new StringBuilder();
    for (String word : option.key().split("-")) {
      name.append(
          name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return name.toString();
  }

  private static String doc(Option<?> option) {
    return option.form() == null ? option.doc() : option.form() + ": " + option.doc();
  }

  /** The values that were set, as a user would write them. */
  private Map<String, List<String>> texts() {
    Map<String, List<String>> texts = new LinkedHashMap<>();
    options.forEach(
        (param, option) -> {
          if (isSet(param)) {
            Object value = getOrDefault(param);
            texts.put(
                option.key(),
                value instanceof String[] several ? List.of(several) : List.of(value.toString()));
          }
        });
    return texts;
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

  @Override
  public String uid() {
    return uid;
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
    set(model, values);
    return this;
  }

  public StringArrayParam weights() {
    return weights;
  }

  public DeepLiftTransformer setWeights(String... values) {
    set(weights, values);
    return this;
  }

  public StringArrayParam modelLayout() {
    return modelLayout;
  }

  public DeepLiftTransformer setModelLayout(String... values) {
    set(modelLayout, values);
    return this;
  }

  public Param<String> method() {
    return method;
  }

  public DeepLiftTransformer setMethod(String value) {
    set(method, value);
    return this;
  }

  public Param<String> profile() {
    return profile;
  }

  public DeepLiftTransformer setProfile(String value) {
    set(profile, value);
    return this;
  }

  public StringArrayParam target() {
    return target;
  }

  public DeepLiftTransformer setTarget(String... values) {
    set(target, values);
    return this;
  }

  public Param<String> layer() {
    return layer;
  }

  public DeepLiftTransformer setLayer(String value) {
    set(layer, value);
    return this;
  }

  public StringArrayParam lambda() {
    return lambda;
  }

  public DeepLiftTransformer setLambda(String... values) {
    set(lambda, values);
    return this;
  }

  public BooleanParam hypothetical() {
    return hypothetical;
  }

  public DeepLiftTransformer setHypothetical(boolean value) {
    set(hypothetical, value);
    return this;
  }

  public Param<String> reverseComplement() {
    return reverseComplement;
  }

  public DeepLiftTransformer setReverseComplement(String value) {
    set(reverseComplement, value);
    return this;
  }

  public StringArrayParam sequenceCol() {
    return sequenceCol;
  }

  public DeepLiftTransformer setSequenceCol(String... values) {
    set(sequenceCol, values);
    return this;
  }

  public Param<String> idCol() {
    return idCol;
  }

  public DeepLiftTransformer setIdCol(String value) {
    set(idCol, value);
    return this;
  }

  public Param<String> lengthPolicy() {
    return lengthPolicy;
  }

  public DeepLiftTransformer setLengthPolicy(String value) {
    set(lengthPolicy, value);
    return this;
  }

  public Param<String> unknownBase() {
    return unknownBase;
  }

  public DeepLiftTransformer setUnknownBase(String value) {
    set(unknownBase, value);
    return this;
  }

  public StringArrayParam references() {
    return references;
  }

  public DeepLiftTransformer setReferences(String... values) {
    set(references, values);
    return this;
  }

  public BooleanParam keepReferences() {
    return keepReferences;
  }

  public DeepLiftTransformer setKeepReferences(boolean value) {
    set(keepReferences, value);
    return this;
  }

  public LongParam seed() {
    return seed;
  }

  public DeepLiftTransformer setSeed(long value) {
    set(seed, value);
    return this;
  }

  public Param<String> layout() {
    return layout;
  }

  public DeepLiftTransformer setLayout(String value) {
    set(layout, value);
    return this;
  }

  public Param<String> encoding() {
    return encoding;
  }

  public DeepLiftTransformer setEncoding(String value) {
    set(encoding, value);
    return this;
  }

  public Param<String> backend() {
    return backend;
  }

  public DeepLiftTransformer setBackend(String value) {
    set(backend, value);
    return this;
  }

  public Param<String> precision() {
    return precision;
  }

  public DeepLiftTransformer setPrecision(String value) {
    set(precision, value);
    return this;
  }

  public Param<String> batch() {
    return batch;
  }

  public DeepLiftTransformer setBatch(String value) {
    set(batch, value);
    return this;
  }

  public Param<String> memoryPerTask() {
    return memoryPerTask;
  }

  public DeepLiftTransformer setMemoryPerTask(String value) {
    set(memoryPerTask, value);
    return this;
  }

  public Param<String> outputCol() {
    return outputCol;
  }

  public DeepLiftTransformer setOutputCol(String value) {
    set(outputCol, value);
    return this;
  }

  public Param<String> shareModel() {
    return shareModel;
  }

  public DeepLiftTransformer setShareModel(String value) {
    set(shareModel, value);
    return this;
  }
}
