package org.deepliftspark.yarn;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * HDFS with one data node and YARN with two node managers, in this JVM; containers are processes of
 * their own. Memory is claimed, not used: nodes offer as much as the settings in {@code conf/} ask
 * for, whatever the machine has.
 */
final class HadoopCluster implements AutoCloseable {
  private static final int NODES = 2;
  private static final int NODE_MEGABYTES = 32 * 1024;
  private static final long MOST_MILLIS = 60_000;

  private final MiniDFSCluster hdfs;
  private final MiniYARNCluster yarn;
  private final YarnClient client;

  /**
   * @param folder gets the data of HDFS and {@link #settings}; node managers work in the folder of
   *     system property {@code test.build.data}
   */
  HadoopCluster(Path folder) throws IOException, InterruptedException, YarnException {
    hdfs =
        new MiniDFSCluster.Builder(new Configuration(), folder.resolve("hdfs").toFile())
            .numDataNodes(1)
            .build();
    hdfs.waitClusterUp();
    yarn = new MiniYARNCluster("yarn", NODES, 1, 1);
    yarn.init(configuration(hdfs.getURI().toString()));
    yarn.start();
    if (!yarn.waitForNodeManagersToConnect(MOST_MILLIS)) {
      throw new AssertionError("No node managers after " + MOST_MILLIS + " ms");
    }
    client = YarnClient.createYarnClient();
    client.init(yarn.getConfig());
    client.start();
    Path settings = Files.createDirectories(settings(folder));
    Configuration core = new Configuration(false);
    core.set(FileSystem.FS_DEFAULT_NAME_KEY, hdfs.getURI().toString());
    write(core, settings.resolve("core-site.xml"));
    write(yarn.getConfig(), settings.resolve("yarn-site.xml"));
  }

  private static Configuration configuration(String fileSystem) {
    YarnConfiguration conf = new YarnConfiguration();
    conf.set(FileSystem.FS_DEFAULT_NAME_KEY, fileSystem);
    conf.set("yarn.scheduler.capacity.root.queues", "default");
    conf.set("yarn.scheduler.capacity.root.default.capacity", "100");
    conf.set("yarn.scheduler.capacity.maximum-am-resource-percent", "0.8");
    conf.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 128);
    conf.setInt(YarnConfiguration.RM_SCHEDULER_MAXIMUM_ALLOCATION_MB, NODE_MEGABYTES);
    conf.setInt(YarnConfiguration.YARN_MINICLUSTER_NM_PMEM_MB, NODE_MEGABYTES);
    conf.setFloat(YarnConfiguration.NM_MAX_PER_DISK_UTILIZATION_PERCENTAGE, 99.9f);
    return conf;
  }

  private static void write(Configuration conf, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      conf.writeXml(out);
    }
  }

  /** The folder for {@code HADOOP_CONF_DIR} of a cluster in that folder. */
  static Path settings(Path folder) {
    return folder.resolve("conf");
  }

  FileSystem files() throws IOException {
    return hdfs.getFileSystem();
  }

  /** A path of this HDFS with its host, for readers that know no {@code HADOOP_CONF_DIR}. */
  String qualified(String path) {
    return hdfs.getURI() + path;
  }

  /** The applications of that name, running and ended. */
  List<ApplicationReport> applications(String name) {
    try {
      return client.getApplications().stream().filter(app -> app.getName().equals(name)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (YarnException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    client.stop();
    yarn.stop();
    hdfs.shutdown();
  }
}
