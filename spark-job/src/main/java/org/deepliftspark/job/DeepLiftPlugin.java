package org.deepliftspark.job;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.deepliftspark.job.partition.ExecutorCounters;
import org.deepliftspark.job.partition.NativeMemory;

/**
 * Gives each executor's counters to Spark's metrics system, where sinks such as Prometheus, JMX or
 * CSV read them: {@code --conf spark.plugins=org.deepliftspark.job.DeepLiftPlugin}. They count from
 * the executor's start, over all jobs, failed tasks and calibration included.
 */
public final class DeepLiftPlugin implements SparkPlugin {

  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Executor();
  }

  private static final class Executor implements ExecutorPlugin {
    @Override
    public void init(PluginContext context, Map<String, String> extra) {
      register(context.metricRegistry());
    }
  }

  static void register(MetricRegistry registry) {
    ExecutorCounters counters = ExecutorCounters.INSTANCE;
    gauge(registry, "rows", counters::rows);
    gauge(registry, "pairs", counters::pairs);
    gauge(registry, "encode_seconds", counters::encodeSeconds);
    gauge(registry, "forward_and_backward_seconds", counters::engineSeconds);
    gauge(registry, "output_rows_seconds", counters::codecSeconds);
    gauge(registry, "write_seconds", counters::writeSeconds);
    gauge(registry, "peak_resident_bytes", NativeMemory::peakBytes);
  }

  private static <N extends Number> void gauge(
      MetricRegistry registry, String name, Supplier<N> value) {
    Gauge<N> gauge = value::get;
    registry.register(name, gauge);
  }
}
