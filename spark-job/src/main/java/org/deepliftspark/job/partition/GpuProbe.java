package org.deepliftspark.job.partition;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.sql.SparkSession;

/** Asks the executors whether their GPUs can be used, in a short Spark job before the long ones. */
public final class GpuProbe {
  /** Tasks last as long as this, so that every executor gets one before any gets two. */
  private static final long LEAST_MILLIS = 500;

  private GpuProbe() {}

  /**
   * What one executor said.
   *
   * @param executor its id
   * @param device index of the GPU
   * @param reason why the GPU cannot be used, or null
   */
  public record Answer(String executor, int device, String reason) implements Serializable {}

  /**
   * One answer per executor and GPU that a task came to.
   *
   * @param profile of the tasks, or null for the session's own
   * @param tasks how many run at once
   */
  public static List<Answer> ask(
      SparkSession spark, EngineSpec spec, ResourceProfile profile, int tasks) {
    List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
    JavaRDD<Integer> rdd =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(new ArrayList<>(numbers), tasks);
    if (profile != null) {
      rdd = rdd.withResources(profile);
    }
    return rdd.mapPartitions(new Ask(spec)).collect().stream().distinct().toList();
  }

  private static final class Ask implements FlatMapFunction<Iterator<Integer>, Answer> {
    private final EngineSpec spec;

    Ask(EngineSpec spec) {
      this.spec = spec;
    }

    @Override
    public Iterator<Answer> call(Iterator<Integer> numbers) throws InterruptedException {
      long start = System.nanoTime();
      int device = TaskGpu.address(TaskContext.get());
      Optional<String> problem =
          TaskGpu.problem(spec.with(spec.backend(), spec.gpu().onDevice(device)));
      Thread.sleep(Math.max(0, LEAST_MILLIS - (System.nanoTime() - start) / 1_000_000));
      return List.of(new Answer(SparkEnv.get().executorId(), device, problem.orElse(null)))
          .iterator();
    }
  }
}
