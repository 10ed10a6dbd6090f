package org.deepliftspark.job;

import com.holdenkarau.spark.testing.JavaDatasetSuiteBase;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Brings spark-testing-base to JUnit 5: one Spark session for all test classes of a JVM, given to
 * test methods that have a parameter of this type.
 */
public class SparkHarness extends JavaDatasetSuiteBase
    implements BeforeAllCallback, ParameterResolver, ExtensionContext.Store.CloseableResource {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(SparkHarness.class);

  /** Where Spark runs. */
  String master() {
    return "local[2]";
  }

  @Override
  public SparkConf conf() {
    return super.conf()
        .setMaster(master())
        .set("spark.ui.enabled", "false")
        .set("spark.executor.heartbeatInterval", "2s") // tells what running tasks have done
        .set("spark.sql.shuffle.partitions", "2")
        .set("spark.sql.session.timeZone", "UTC");
  }

  @Override
  public boolean enableHiveSupport() {
    return false;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    shared(context);
  }

  private SparkHarness shared(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            getClass(),
            type -> {
              runBefore();
              return this;
            },
            SparkHarness.class);
  }

  @Override
  public void close() {
    runAfterClass();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == SparkSession.class || type == SparkHarness.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    SparkHarness harness = shared(context);
    return parameter.getParameter().getType() == SparkSession.class ? harness.spark() : harness;
  }

  /** Exact equality of the rows, in any order. */
  public void assertSameRows(Dataset<Row> expected, Dataset<Row> actual) {
    assertDataFrameNoOrderEquals(expected, actual);
  }
}
