package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.bytedeco.javacpp.Pointer;
import org.deepliftspark.job.ml.DeepLiftTransformer;
import org.deepliftspark.job.partition.ExecutableCache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.memory.AllocationsTracker;

/**
 * Tasks that Spark kills between two batches, with and without an interrupt of their threads: every
 * workspace is closed, and of native memory nothing stays but the idle engine, which goes when the
 * cache is emptied.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@ExtendWith(SparkHarness.class)
class KilledTasksTest {
  private static final String MODEL = "src/main/resources/demo/talgata.keras";
  private static final int ROWS = 2000;

  /** What a backend makes once per JVM, at a time of its choice. */
  private static final int CONSTANTS = 1 << 16;

  private static final StructType SCHEMA =
      new StructType().add("name", DataTypes.StringType).add("dna", DataTypes.StringType);

  static Stream<Arguments> ways() {
    return Stream.of(
        Arguments.of("onnx", false),
        Arguments.of("onnx", true),
        Arguments.of("cpu", true),
        Arguments.of("nd4j", true));
  }

  @AfterEach
  void forget() {
    ExecutableCache.instance().closeIdle();
    CountingBackend.sound = null;
  }

  @ParameterizedTest
  @MethodSource("ways")
  void whatAKilledTaskHeldIsFreed(String backend, boolean interrupt, SparkSession spark)
      throws Exception {
    CountingBackend.sound = backend;
    ExecutableCache.instance().closeIdle();
    long before = nativeBytes() + CONSTANTS;
    Dataset<Row> scores = scores(spark);
    int batches = CountingBackend.BATCHES.get();
    CompletableFuture<String> outcome =
        CompletableFuture.supplyAsync(() -> outcome(spark, scores, interrupt));
    await(() -> CountingBackend.BATCHES.get() > batches + 3);
    assertThat(CountingBackend.WORKSPACES.get()).isPositive();
    spark.sparkContext().cancelJobGroup("to be killed");
    assertThat(outcome.get()).contains("cancelled");
    await(() -> CountingBackend.WORKSPACES.get() == 0);
    assertThat(CountingBackend.BATCHES.get() - batches).isLessThan(ROWS);
    assertThat(CountingBackend.EXECUTABLES).hasValue(1); // idle, for the next job
    await(KilledTasksTest::isClosed);
    assertThat(settledBytes(before)).isLessThanOrEqualTo(before);
  }

  /** A task gives its engine back right after it has closed its session. */
  private static boolean isClosed() {
    ExecutableCache.instance().closeIdle();
    return CountingBackend.EXECUTABLES.get() == 0;
  }

  /** Threads of the libraries free what the garbage collector finds, in their own time. */
  private static long settledBytes(long wanted) throws InterruptedException {
    long bytes = nativeBytes();
    for (int i = 0; i < 30 && bytes > wanted; i++) {
      Thread.sleep(50);
      bytes = nativeBytes();
    }
    return bytes;
  }

  private static Dataset<Row> scores(SparkSession spark) {
    List<Row> rows =
        IntStream.range(0, ROWS)
            .mapToObj(i -> RowFactory.create("r" + i, "ACGT".repeat(50)))
            .toList();
    return new DeepLiftTransformer()
        .setModel(MODEL)
        .setTarget("0")
        .setReferences("dinuc-shuffle:2")
        .setSequenceCol("dna")
        .setIdCol("name")
        .setBackend(CountingBackend.NAME)
        .setBatch("1")
        .transform(spark.createDataFrame(rows, SCHEMA).repartition(2));
  }

  /** What a job says that runs in a group of its own. */
  private static String outcome(SparkSession spark, Dataset<Row> scores, boolean interrupt) {
    spark.sparkContext().setJobGroup("to be killed", "to be killed", interrupt);
    try {
      scores.write().format("noop").mode("overwrite").save();
      return "done";
    } catch (Exception e) { // SparkException is checked, but not declared to Java
      return String.valueOf(e);
    } finally {
      spark.sparkContext().clearJobGroup();
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(10);
    }
  }

  /**
   * Counted by JavaCPP and ND4J; garbage that is no longer held does not count. Direct buffers do
   * not either, since Spark's network has some of its own: EngineLifetimeTest counts them.
   */
  private static long nativeBytes() {
    System.gc();
    return Pointer.totalBytes() + AllocationsTracker.getInstance().bytesOnDevice(0);
  }
}
