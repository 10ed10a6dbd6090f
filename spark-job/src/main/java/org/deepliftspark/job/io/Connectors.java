package org.deepliftspark.job.io;

import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.deepliftspark.engine.InvalidInputException;

/** Connectors to tables of data lakes, which neither Spark nor this project brings. */
public final class Connectors {
  private static final String DELTA = "delta";
  private static final String ICEBERG = "iceberg";
  private static final String DELTA_EXTENSION = "io.delta.sql.DeltaSparkSessionExtension";

  private Connectors() {}

  /**
   * Makes a session ready for tables of a format.
   *
   * @param format Spark's name of it; Spark's own formats need nothing
   * @param what could not be done without, such as {@code Cannot read lake/scores as delta}
   * @throws InvalidInputException that names the package to add, if the connector is not there
   */
  public static void require(SparkSession spark, String format, String what) {
    if (!format.equals(DELTA) && !format.equals(ICEBERG)) {
      return;
    }
    if (!isThere(format)) {
      throw new InvalidInputException(
          what
              + ": its connector is not on Spark's class path; give spark-submit, or scripts/deeplift"
              + " behind \"--\", the option --packages "
              + coordinates(format, spark.version(), scalaBinary()));
    }
    if (format.equals(ICEBERG)
        && !isClass("org.apache.hadoop.hive.metastore.api.UnknownDBException")) {
      // Iceberg looks in Hive's catalog first, also for tables that are named by their folder.
      catalog(spark, "default_iceberg", "spark-warehouse");
    }
  }

  /**
   * The catalog of Iceberg's tables that lie in a folder.
   *
   * @return its name in the session
   */
  public static String icebergCatalog(SparkSession spark, String folder) {
    String name = "deeplift_" + Integer.toHexString(folder.hashCode());
    catalog(spark, name, folder);
    return name;
  }

  private static void catalog(SparkSession spark, String name, String folder) {
    String key = "spark.sql.catalog." + name;
    if (!spark.conf().contains(key)) {
      spark.conf().set(key + ".type", "hadoop");
      spark.conf().set(key + ".warehouse", folder);
      spark.conf().set(key + ".cache-enabled", "false");
      spark.conf().set(key, "org.apache.iceberg.spark.SparkCatalog");
    }
  }

  /** What Delta wants of a session that is about to be made, if Delta is there. */
  public static void prepare(SparkConf conf) {
    if (isClass(DELTA_EXTENSION)) {
      conf.setIfMissing("spark.sql.extensions", DELTA_EXTENSION);
      conf.setIfMissing(
          "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    }
  }

  /** Whether some library has registered the format with Spark. */
  private static boolean isThere(String format) {
    Iterator<DataSourceRegister> sources =
        ServiceLoader.load(DataSourceRegister.class, loader()).iterator();
    while (true) {
      try {
        if (!sources.hasNext()) {
          return false;
        }
        if (sources.next().shortName().equals(format)) {
          return true;
        }
      } catch (ServiceConfigurationError broken) {
        continue; // another format's, or one of another Spark
      }
    }
  }

  private static boolean isClass(String name) {
    try {
      Class.forName(name, false, loader());
      return true;
    } catch (ClassNotFoundException absent) {
      return false;
    }
  }

  private static ClassLoader loader() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    return loader == null ? Connectors.class.getClassLoader() : loader;
  }

  private static String scalaBinary() {
    String[] parts = scala.util.Properties.versionNumberString().split("\\.");
    return parts[0] + "." + parts[1];
  }

  /**
   * The package of a connector for a Spark.
   *
   * @param spark version, such as {@code 3.5.7}
   * @param scala binary version, such as {@code 2.12}
   */
  static String coordinates(String format, String spark, String scala) {
    String[] parts = spark.split("\\.");
    String line = parts[0] + "." + parts[1];
    boolean spark3 = parts[0].equals("3");
    if (format.equals(DELTA)) {
      // From 4.1 on artifacts say which Spark they are for.
      return spark3
          ? "io.delta:delta-spark_" + scala + ":3.3.2"
          : "io.delta:delta-spark_" + line + "_" + scala + ":4.1.0";
    }
    return "org.apache.iceberg:iceberg-spark-runtime-"
        + line
        + "_"
        + scala
        + (spark3 ? ":1.10.1" : ":1.11.0");
  }
}
