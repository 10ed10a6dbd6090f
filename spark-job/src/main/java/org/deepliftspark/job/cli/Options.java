package org.deepliftspark.job.cli;

import static org.deepliftspark.job.cli.CommandName.ATTRIBUTE;
import static org.deepliftspark.job.cli.CommandName.BENCH;
import static org.deepliftspark.job.cli.CommandName.COMPILE;
import static org.deepliftspark.job.cli.CommandName.DEMO;
import static org.deepliftspark.job.cli.CommandName.EVALUATE;
import static org.deepliftspark.job.cli.CommandName.INSPECT;
import static org.deepliftspark.job.cli.CommandName.SCORE;

import java.util.List;
import java.util.stream.Stream;
import org.deepliftspark.engine.backend.GpuOptions;
import org.deepliftspark.engine.encode.ImagePreprocessing;
import org.deepliftspark.engine.encode.LengthPolicy;
import org.deepliftspark.engine.encode.UnknownBase;
import org.deepliftspark.job.Encoding;
import org.deepliftspark.job.Layout;
import org.deepliftspark.job.OutputFormat;
import org.deepliftspark.job.OutputMode;
import org.deepliftspark.job.io.EdgePolicy;

/**
 * The one table of options. Keys, forms, defaults, checks and docs are written here and nowhere
 * else; the command line, {@code --config} files, help and the docs read them from here.
 */
public final class Options {
  public static final Option<String> MODEL =
      Option.value(
              OptionGroup.MODEL,
              "model",
              "PATH",
              Values::text,
              "model file: Keras .h5 or .keras, Keras JSON with --weights, or .onnx; for score any Hadoop path;"
                  + " score and attribute average over several (folds)")
          .repeatable()
          .requiredBy(SCORE, EVALUATE, ATTRIBUTE, COMPILE, INSPECT, BENCH);
  public static final Option<String> WEIGHTS =
      Option.value(
              OptionGroup.MODEL,
              "weights",
              "PATH",
              Values::text,
              "weights file (.h5) of a Keras JSON model; once per model")
          .repeatable()
          .usedBy(SCORE, EVALUATE, ATTRIBUTE, COMPILE, INSPECT, BENCH);
  public static final Option<String> MODEL_LAYOUT =
      Option.value(
              OptionGroup.MODEL,
              "model-layout",
              "[INPUT=]auto|channels-first|channels-last",
              Values::text,
              "how an ONNX model's inputs are laid out")
          .repeatable()
          .usedBy(SCORE, EVALUATE, ATTRIBUTE, COMPILE, INSPECT, BENCH);
  public static final Option<String> LAMBDA =
      Option.value(
              OptionGroup.MODEL,
              "lambda",
              "LAYER=FUNCTION",
              Values::text,
              "what a Keras Lambda layer computes, such as logsumexp or reverse(1,2)")
          .repeatable()
          .usedBy(SCORE, EVALUATE, ATTRIBUTE, COMPILE, INSPECT, BENCH);
  public static final Option<String> METHOD =
      Option.value(OptionGroup.MODEL, "method", "NAME", Values::text, "attribution rule")
          .byDefault("rescale")
          .usedBy(SCORE, ATTRIBUTE, COMPILE, INSPECT, BENCH);
  public static final Option<String> PROFILE =
      Option.value(
              OptionGroup.MODEL,
              "profile",
              "default|deeplift",
              Values.oneOf("default", "deeplift"),
              "default: every rule sums to delta; deeplift: the numbers of the reference implementation")
          .byDefault("default")
          .usedBy(SCORE, ATTRIBUTE, COMPILE, INSPECT, BENCH);
  public static final Option<String> TARGET =
      Option.value(
              OptionGroup.MODEL,
              "target",
              "TARGET",
              Values::text,
              "what to explain: 3, NAME:3, 8-3, mean-normalized(NAME:3), sum(NAME), activated(TARGET), or all;"
                  + " needed if the model has more than one output unit")
          .repeatable()
          .usedBy(SCORE, EVALUATE, ATTRIBUTE, COMPILE, INSPECT, BENCH);
  public static final Option<String> METHODS =
      Option.value(
              OptionGroup.MODEL,
              "methods",
              "NAME,NAME,...",
              Values::text,
              "methods to compare, as --method names them")
          .byDefault("rescale,reveal-cancel,gradient-x-input,integrated-gradients:10")
          .usedBy(EVALUATE);
  public static final Option<String> METRICS =
      Option.value(
              OptionGroup.MODEL,
              "metrics",
              "NAME,NAME,...",
              Values::text,
              "what to measure: sensitivity-n, infidelity, completeness, flip, deletion, insertion, and with"
                  + " --sites-col motif-auroc, missed-motifs")
          .byDefault("sensitivity-n,infidelity,completeness,flip,deletion,insertion")
          .usedBy(EVALUATE);
  public static final Option<String> BASELINE =
      Option.value(
              OptionGroup.REFERENCES,
              "baseline",
              "zeros|background:A,C,G,T",
              Values::text,
              "what measures put in the place of positions that they take away")
          .byDefault("zeros")
          .usedBy(EVALUATE);
  public static final Option<Integer> SUBSETS =
      Option.value(
              OptionGroup.REFERENCES,
              "subsets",
              "N",
              Values.integerFrom(2),
              "random sets of positions per row and size")
          .byDefault("100")
          .usedBy(EVALUATE);
  public static final Option<String> SITES_COL =
      Option.value(
              OptionGroup.INPUT,
              "sites-col",
              "COLUMN",
              Values::text,
              "column with known sites: GATA1@55-64 TAL1@75-86, counted from 1")
          .usedBy(EVALUATE);
  public static final Option<String> CONTRIBUTIONS_COL =
      Option.value(
              OptionGroup.INPUT,
              "contributions-col",
              "COLUMN",
              Values::text,
              "column of a score output with contributions to measure as well, as method 'given'")
          .usedBy(EVALUATE);
  public static final Option<String> LAYER =
      Option.value(
              OptionGroup.MODEL,
              "layer",
              "NAME",
              Values::text,
              "inner layer to read targets out at: --target 3 is its unit 3, all is all of its units; otherwise"
                  + " the model's output")
          .usedBy(SCORE, ATTRIBUTE, COMPILE, INSPECT, BENCH);
  public static final Option<Boolean> HYPOTHETICAL =
      Option.flag(
              OptionGroup.MODEL,
              "hypothetical",
              "also give hypothetical contributions (one number per position and letter)")
          .usedBy(SCORE, ATTRIBUTE, COMPILE, INSPECT, BENCH);
  public static final Option<Boolean> REVERSE_COMPLEMENT =
      Option.value(
              OptionGroup.MODEL,
              "reverse-complement",
              "off|average",
              Values.either("off", "average"),
              "average: score each sequence and its reverse complement (references too), and average the"
                  + " scores, turned back")
          .byDefault("off")
          .usedBy(SCORE, ATTRIBUTE);
  public static final Option<Boolean> PROGRAM =
      Option.flag(OptionGroup.MODEL, "program", "print the lowered program with extents and cost")
          .usedBy(INSPECT);
  public static final Option<String> VERIFY =
      Option.value(
              OptionGroup.MODEL,
              "verify",
              "X.npy Y.npy",
              Values::text,
              "inputs and the framework's predictions for them, final activation included, channels last;"
                  + " refuses the model if its own differ by more than 1e-4; several inputs or outputs in the"
                  + " model's order")
          .repeatable()
          .usedBy(INSPECT);

  public static final Option<String> INPUT =
      Option.value(
              OptionGroup.INPUT,
              "input",
              "PATH",
              Values::text,
              "file, folder or pattern to read; any Hadoop path")
          .repeatable()
          .requiredBy(SCORE, EVALUATE);
  public static final Option<String> INPUT_FORMAT =
      Option.value(
              OptionGroup.INPUT,
              "input-format",
              "auto|fasta|bed|vcf|npy|npz|images|parquet|csv|tsv|json|orc|delta|...",
              Values::text,
              "fasta, bed (also narrowPeak), vcf, NumPy arrays, image files, or any Spark table format; auto goes by"
                  + " the file names")
          .byDefault(Values.AUTO)
          .usedBy(SCORE, EVALUATE);
  public static final Option<String> SEQUENCE_COL =
      Option.value(
              OptionGroup.INPUT,
              "sequence-col",
              "[INPUT=]COLUMN",
              Values::text,
              "column with the sequence, array of numbers or image for an input of the model; found by itself"
                  + " if it is called sequence or seq, or as the input is")
          .repeatable()
          .usedBy(SCORE, EVALUATE);
  public static final Option<String> ID_COL =
      Option.value(
              OptionGroup.INPUT,
              "id-col",
              "COLUMN",
              Values::text,
              "column with the row id; otherwise a hash of the row's content")
          .usedBy(SCORE, EVALUATE);
  public static final Option<String> KEEP_COLS =
      Option.value(
              OptionGroup.INPUT,
              "keep-cols",
              "A,B,...",
              Values::text,
              "columns of the input to copy to the output")
          .repeatable()
          .usedBy(SCORE);
  public static final Option<String> GENOME =
      Option.value(
              OptionGroup.INPUT,
              "genome",
              "PATH",
              Values::text,
              "where bed, vcf and tables of variants (columns chrom, pos, ref, alt) get their bases from: FASTA with"
                  + " .fai (also bgzip with .gzi), or 2bit; any Hadoop path")
          .usedBy(SCORE, EVALUATE);
  public static final Option<EdgePolicy> OFF_CHROMOSOME =
      Option.value(
              OptionGroup.INPUT,
              "off-chromosome",
              "pad|reject",
              Values.oneOf(EdgePolicy.class),
              "windows that reach beyond an end of the chromosome: pad them with N, or reject the row")
          .byDefault("pad")
          .usedBy(SCORE, EVALUATE);
  public static final Option<LengthPolicy> LENGTH_POLICY =
      Option.value(
              OptionGroup.INPUT,
              "length-policy",
              "reject|center|pad",
              Values.oneOf(LengthPolicy.class),
              "sequences of another length than the model's: reject them, crop or pad both ends alike,"
                  + " or pad shorter ones at the right end; padding is N")
          .byDefault("reject")
          .usedBy(SCORE, EVALUATE);
  public static final Option<UnknownBase> UNKNOWN_BASE =
      Option.value(
              OptionGroup.INPUT,
              "unknown-base",
              "zero|background|reject",
              Values.oneOf(UnknownBase.class),
              "letters other than ACGT: zeros, background frequencies, or reject the row;"
                  + " lower case counts as upper case")
          .byDefault("zero")
          .usedBy(SCORE, EVALUATE);
  public static final Option<Boolean> PREPROCESSING_CHANNELS =
      Option.value(
              OptionGroup.INPUT,
              "preprocessing-channels",
              "rgb|bgr",
              Values.either("rgb", "bgr"),
              "order of an image's colors in the model")
          .byDefault("rgb")
          .usedBy(SCORE, EVALUATE);
  public static final Option<ImagePreprocessing.Size> PREPROCESSING_RESIZE =
      Option.value(
              OptionGroup.INPUT,
              "preprocessing-resize",
              "HEIGHTxWIDTH|SHORTER",
              ImagePreprocessing.Size::parse,
              "size that images get, or that of their shorter side")
          .usedBy(SCORE, EVALUATE);
  public static final Option<ImagePreprocessing.Size> PREPROCESSING_CROP =
      Option.value(
              OptionGroup.INPUT,
              "preprocessing-crop",
              "HEIGHTxWIDTH|SIDE",
              ImagePreprocessing.Size::parse,
              "the middle of an image that is kept, after resizing")
          .usedBy(SCORE, EVALUATE);
  public static final Option<Double> PREPROCESSING_SCALE =
      Option.value(
              OptionGroup.INPUT,
              "preprocessing-scale",
              "X",
              Values::positive,
              "factor for pixels from 0 to 255; 0.00392156862745098 makes them 0 to 1")
          .byDefault("1")
          .usedBy(SCORE, EVALUATE);
  public static final Option<List<Float>> PREPROCESSING_MEAN =
      Option.value(
              OptionGroup.INPUT,
              "preprocessing-mean",
              "A,B,C",
              Values::floats,
              "what is subtracted from scaled pixels, per channel or once for all")
          .repeatable()
          .usedBy(SCORE, EVALUATE);
  public static final Option<List<Float>> PREPROCESSING_STD =
      Option.value(
              OptionGroup.INPUT,
              "preprocessing-std",
              "A,B,C",
              Values::divisors,
              "what they are divided by then, per channel or once for all")
          .repeatable()
          .usedBy(SCORE, EVALUATE);
  public static final Option<String> INPUTS =
      Option.value(
              OptionGroup.INPUT,
              "inputs",
              "[NAME=]FILE.npy",
              Values::text,
              "array [rows, shape of the input], channels last; once per input of the model"
                  + " (bench: random one-hot rows if left out)")
          .repeatable()
          .requiredBy(ATTRIBUTE)
          .usedBy(BENCH);
  public static final Option<Double> INPUT_SCALE =
      Option.value(
              OptionGroup.INPUT,
              "input-scale",
              "X",
              Values::positive,
              "factor applied to inputs and references")
          .byDefault("1")
          .usedBy(ATTRIBUTE, BENCH);

  public static final Option<String> REFERENCES =
      Option.value(
              OptionGroup.REFERENCES,
              "references",
              "[INPUT=]SPEC",
              Values::text,
              "zeros, background:A,C,G,T, dinuc-shuffle:N, deeplift-dinuc:N, mono-shuffle:N, a .npy file, table:PATH, or hold"
                  + " for an input that is not explained; score and bench take dinuc-shuffle:20 for DNA and zeros"
                  + " otherwise; compile: hold only")
          .repeatable()
          .usedBy(SCORE, EVALUATE, COMPILE, INSPECT, BENCH)
          .requiredBy(ATTRIBUTE);
  public static final Option<Boolean> KEEP_REFERENCES =
      Option.flag(
              OptionGroup.REFERENCES,
              "keep-references",
              "store the references of every row (column references)")
          .usedBy(SCORE);
  public static final Option<Long> SEED =
      Option.value(
              OptionGroup.REFERENCES,
              "seed",
              "N",
              Values::longNumber,
              "seed of shuffled references; with the row id it settles them")
          .byDefault("1")
          .usedBy(SCORE, EVALUATE, ATTRIBUTE, BENCH);

  public static final Option<String> OUTPUT =
      Option.value(
              OptionGroup.OUTPUT,
              "output",
              "FOLDER",
              Values::text,
              "folder to write to; any Hadoop path (demo: ./demo-output; compile: the file)")
          .requiredBy(SCORE, EVALUATE, ATTRIBUTE, COMPILE)
          .usedBy(DEMO);
  public static final Option<OutputFormat> OUTPUT_FORMAT =
      Option.value(
              OptionGroup.OUTPUT,
              "output-format",
              "parquet|delta|iceberg",
              Values.oneOf(OutputFormat.class),
              "part files, or a table of Delta Lake or Iceberg in the folder, whose connector is given by"
                  + " --packages")
          .byDefault("parquet")
          .usedBy(SCORE);
  public static final Option<OutputMode> MODE =
      Option.value(
              OptionGroup.OUTPUT,
              "mode",
              "error|overwrite|append|resume",
              Values.oneOf(OutputMode.class),
              "where the output holds scores already: do not start, replace them, add rows with new ids, or"
                  + " score what is missing (by the same model and options)")
          .byDefault("error")
          .usedBy(SCORE);
  public static final Option<Layout> LAYOUT =
      Option.value(
              OptionGroup.OUTPUT,
              "layout",
              "observed|full",
              Values.oneOf(Layout.class),
              "contributions of a sequence: one number per position, or one per position and letter")
          .byDefault("observed")
          .usedBy(SCORE);
  public static final Option<Encoding> ENCODING =
      Option.value(
              OptionGroup.OUTPUT,
              "encoding",
              "array|f32|f16",
              Values.oneOf(Encoding.class),
              "scores as arrays of float, or as binary of little-endian 32-bit or 16-bit floats")
          .byDefault("array")
          .usedBy(SCORE);
  public static final Option<String> PARTITION_BY =
      Option.value(
              OptionGroup.OUTPUT,
              "partition-by",
              "A,B,...",
              Values::text,
              "columns of the output to make subfolders of; also run_date, model_sha256")
          .repeatable()
          .usedBy(SCORE);
  public static final Option<Integer> ROWS_PER_FILE =
      Option.value(
              OptionGroup.OUTPUT,
              "rows-per-file",
              "auto|N",
              Values::countOrAuto,
              "most rows in one Parquet file")
          .byDefault(Values.AUTO)
          .usedBy(SCORE);
  public static final Option<String> COMPRESSION =
      Option.value(
              OptionGroup.OUTPUT,
              "compression",
              "none|snappy|gzip|zstd",
              Values.oneOf("none", "snappy", "gzip", "zstd"),
              "codec of the Parquet files")
          .byDefault("zstd")
          .usedBy(SCORE);

  public static final Option<Double> MAX_DELTA =
      Option.value(
              OptionGroup.QUALITY,
              "max-delta",
              "X",
              Values::notNegative,
              "mark rows whose |convergence delta| is larger (column above_max_delta) and exit with 3 if there"
                  + " are any")
          .usedBy(SCORE);
  public static final Option<Double> MAX_REJECTED_FRACTION =
      Option.value(
              OptionGroup.QUALITY,
              "max-rejected-fraction",
              "0..1",
              Values::fraction,
              "exit with 3 if more of the rows read are rejected")
          .byDefault("0.01")
          .usedBy(SCORE);
  public static final Option<String> REJECTED =
      Option.value(
              OptionGroup.QUALITY,
              "rejected",
              "FOLDER",
              Values::text,
              "where rejected rows go; otherwise OUTPUT/_deeplift/rejected")
          .usedBy(SCORE);

  public static final Option<String> BACKEND =
      Option.value(
              OptionGroup.ENGINE,
              "backend",
              "auto|auto:timed|onnx|cpu|nd4j|onnx:cuda|nd4j:cuda",
              Values::text,
              "what computes; auto: GPUs where Spark has some and this build can use them, otherwise the fastest"
                  + " for the network; auto:timed measures")
          .byDefault(Values.AUTO)
          .usedBy(SCORE, EVALUATE, DEMO, ATTRIBUTE, INSPECT, BENCH);
  public static final Option<String> PRECISION =
      Option.value(
              OptionGroup.ENGINE,
              "precision",
              "f32|f64",
              Values.oneOf("f32", "f64"),
              "arithmetic; f64 needs --backend nd4j")
          .byDefault("f32")
          .usedBy(SCORE, ATTRIBUTE, BENCH);
  public static final Option<Integer> BATCH =
      Option.value(
              OptionGroup.ENGINE,
              "batch",
              "auto|N",
              Values::countOrAuto,
              "rows computed at once; no number depends on it")
          .byDefault(Values.AUTO)
          .usedBy(SCORE, ATTRIBUTE, BENCH);
  public static final Option<Long> MEMORY_PER_TASK =
      Option.value(
              OptionGroup.ENGINE,
              "memory-per-task",
              "auto|SIZE",
              Values::bytesOrAuto,
              "native memory that a task may use, such as 512m")
          .byDefault(Values.AUTO)
          .usedBy(SCORE, ATTRIBUTE, BENCH);
  public static final Option<Integer> PARTITIONS =
      Option.value(
              OptionGroup.ENGINE,
              "partitions",
              "auto|N",
              Values::countOrAuto,
              "Spark tasks that score; auto goes by the measured speed and --task-minutes")
          .byDefault(Values.AUTO)
          .usedBy(SCORE);
  public static final Option<Double> TASK_MINUTES =
      Option.value(
              OptionGroup.ENGINE,
              "task-minutes",
              "M",
              Values::positive,
              "how long a Spark task is to take at most; what a killed job loses, per core")
          .byDefault("2")
          .usedBy(SCORE);
  public static final Option<Long> GPU_MEMORY =
      Option.value(
              OptionGroup.ENGINE,
              "gpu-memory",
              "auto|SIZE",
              Values::bytesOrAuto,
              "memory of a GPU that an executor may take; auto: four fifths of it")
          .byDefault(Values.AUTO)
          .usedBy(SCORE, ATTRIBUTE, BENCH);
  public static final Option<GpuOptions.ConvSearch> CUDNN_SEARCH =
      Option.value(
              OptionGroup.ENGINE,
              "cudnn-search",
              "heuristic|exhaustive|default",
              Values.oneOf(GpuOptions.ConvSearch.class),
              "how cuDNN looks for the algorithm of a convolution (onnx:cuda)")
          .byDefault(GpuOptions.CONV_SEARCH_DEFAULT.key())
          .usedBy(SCORE, ATTRIBUTE, BENCH);
  public static final Option<Boolean> TF32 =
      Option.flag(
              OptionGroup.ENGINE,
              "tf32",
              "let GPUs round products to 10 bits of mantissa; faster, and rules divide small differences")
          .usedBy(SCORE, ATTRIBUTE, BENCH);
  public static final Option<Integer> CONCURRENT_GPU_TASKS =
      Option.value(
              OptionGroup.ENGINE,
              "concurrent-gpu-tasks",
              "N",
              Values.integerFrom(1),
              "tasks of an executor that may be on one GPU at once; others encode and write meanwhile")
          .byDefault(Integer.toString(GpuOptions.CONCURRENT_CALLS_DEFAULT))
          .usedBy(SCORE);
  public static final Option<Integer> TASKS_PER_GPU =
      Option.value(
              OptionGroup.ENGINE,
              "tasks-per-gpu",
              "auto|N",
              Values::countOrAuto,
              "tasks that Spark runs per GPU while scoring, other stages taking none (stage-level scheduling);"
                  + " auto: as spark.task.resource.gpu.amount says")
          .byDefault(Values.AUTO)
          .usedBy(SCORE);
  public static final Option<Boolean> ALLOW_MIXED_DEVICES =
      Option.flag(
              OptionGroup.ENGINE,
              "allow-mixed-devices",
              "let executors whose GPU cannot be used compute on their processor; column device says what did")
          .usedBy(SCORE);
  public static final Option<Integer> THREADS =
      Option.value(
              OptionGroup.ENGINE,
              "threads",
              "auto|N",
              Values::countOrAuto,
              "threads, each with a workspace of its own; auto: one per processor")
          .byDefault(Values.AUTO)
          .usedBy(ATTRIBUTE, BENCH);
  public static final Option<Double> SECONDS =
      Option.value(OptionGroup.ENGINE, "seconds", "S", Values::positive, "how long to measure")
          .byDefault("10")
          .usedBy(BENCH);

  public static final Option<Boolean> NO_CHECK =
      Option.flag(
              OptionGroup.ENGINE,
              "no-check",
              "do not compare a row with backend nd4j in double, which takes long on large networks")
          .usedBy(BENCH);

  public static final Option<String> CONFIG =
      Option.value(
              OptionGroup.RUN,
              "config",
              "FILE.yaml",
              Values::text,
              "file with the same keys; the command line wins over it")
          .usedBy(CommandName.values());
  public static final Option<Boolean> DRY_RUN =
      Option.flag(
              OptionGroup.RUN,
              "dry-run",
              "print the cost per row and the resolved options, and stop")
          .usedBy(SCORE);
  public static final Option<Boolean> STACKTRACE =
      Option.flag(OptionGroup.RUN, "stacktrace", "show where a failure comes from")
          .usedBy(CommandName.values());
  public static final Option<Boolean> HELP =
      Option.flag(OptionGroup.RUN, "help", "print the options of the command")
          .usedBy(CommandName.values());

  private static final List<Option<?>> SCORING =
      List.of(
          MODEL,
          WEIGHTS,
          MODEL_LAYOUT,
          LAMBDA,
          METHOD,
          PROFILE,
          TARGET,
          METHODS,
          METRICS,
          BASELINE,
          SUBSETS,
          SITES_COL,
          CONTRIBUTIONS_COL,
          LAYER,
          HYPOTHETICAL,
          REVERSE_COMPLEMENT,
          PROGRAM,
          VERIFY,
          INPUT,
          INPUT_FORMAT,
          SEQUENCE_COL,
          ID_COL,
          KEEP_COLS,
          GENOME,
          OFF_CHROMOSOME,
          LENGTH_POLICY,
          UNKNOWN_BASE,
          PREPROCESSING_CHANNELS,
          PREPROCESSING_RESIZE,
          PREPROCESSING_CROP,
          PREPROCESSING_SCALE,
          PREPROCESSING_MEAN,
          PREPROCESSING_STD,
          INPUTS,
          INPUT_SCALE,
          REFERENCES,
          KEEP_REFERENCES,
          SEED,
          OUTPUT,
          OUTPUT_FORMAT,
          MODE,
          LAYOUT,
          ENCODING,
          PARTITION_BY,
          ROWS_PER_FILE,
          COMPRESSION,
          MAX_DELTA,
          MAX_REJECTED_FRACTION,
          REJECTED,
          BACKEND,
          PRECISION,
          BATCH,
          MEMORY_PER_TASK,
          PARTITIONS,
          TASK_MINUTES,
          GPU_MEMORY,
          CUDNN_SEARCH,
          TF32,
          CONCURRENT_GPU_TASKS,
          TASKS_PER_GPU,
          ALLOW_MIXED_DEVICES,
          THREADS,
          SECONDS,
          NO_CHECK);

  private static final List<Option<?>> RUNNING = List.of(CONFIG, DRY_RUN, STACKTRACE, HELP);

  private static final List<Option<?>> TABLE =
      Stream.of(SCORING, ResultOptions.TABLE, RUNNING).flatMap(List::stream).toList();

  private Options() {}

  /** The options of a command, in the order in which help lists them. */
  public static List<Option<?>> of(CommandName command) {
    return TABLE.stream()
        .<Option<?>>map(option -> option)
        .filter(o -> o.isUsedBy(command))
        .toList();
  }

  /**
   * Parses the arguments after the command's name.
   *
   * @throws org.deepliftspark.engine.InvalidInputException if an option is unknown, missing or has
   *     a value that is not allowed
   */
  public static OptionValues parse(CommandName command, List<String> args) {
    return new OptionParser(command).parse(args);
  }
}
