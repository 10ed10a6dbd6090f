package org.deepliftspark.job;

import java.util.Properties;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.job.io.Connectors;

/**
 * The Spark session of a job: the one that is there, as in a notebook or a test, or a new one. Only
 * a new one is stopped at the end.
 */
public final class JobSession implements AutoCloseable {
  private static final String MASTER = "spark.master";
  private static final String HADOOP_PREFIX = "spark.hadoop.";

  private final SparkSession spark;
  private final boolean ours;

  private JobSession(SparkSession spark, boolean ours) {
    this.spark = spark;
    this.ours = ours;
  }

  public static JobSession open(String name) {
    if (exists()) {
      return new JobSession(SparkSession.builder().getOrCreate(), false);
    }
    SparkConf conf =
        new SparkConf()
            .setIfMissing("spark.app.name", name)
            .setIfMissing("spark.sql.debug.maxToStringFields", "100"); // spares a warning
    Connectors.prepare(conf);
    if (!conf.contains(MASTER)) {
      conf.set(MASTER, "local[*]");
      // An embedded Spark serves one job on one machine: no page, and no host name that may not
      // resolve.
      conf.setIfMissing("spark.ui.enabled", "false");
      conf.setIfMissing("spark.driver.host", "localhost");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
    return new JobSession(SparkSession.builder().config(conf).getOrCreate(), true);
  }

  /** Settings of file systems, before or after Spark is started. */
  public static Configuration hadoop() {
    SparkContext context =
        exists() ? ModelSharing.AUTO.context(SparkSession.builder().getOrCreate()) : null;
    if (context != null) {
      return context.hadoopConfiguration();
    }
    Configuration configuration = new Configuration();
    Properties properties = System.getProperties(); // where spark-submit puts its settings
    for (String key : properties.stringPropertyNames()) {
      if (key.startsWith(HADOOP_PREFIX)) {
        configuration.set(key.substring(HADOOP_PREFIX.length()), properties.getProperty(key));
      }
    }
    return configuration;
  }

  /** Keeps Spark from telling how its parts fail one after another when the process is ended. */
  public static void silence() {
    if (SparkSession.getDefaultSession().isDefined()) {
      SparkSession.getDefaultSession().get().sparkContext().setLogLevel("OFF");
    }
  }

  private static boolean exists() {
    return SparkSession.getActiveSession().isDefined()
        || SparkSession.getDefaultSession().isDefined();
  }

  public SparkSession spark() {
    return spark;
  }

  @Override
  public void close() {
    if (ours) {
      spark.stop();
    }
  }
}
