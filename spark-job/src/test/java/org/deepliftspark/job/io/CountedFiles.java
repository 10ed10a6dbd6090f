package org.deepliftspark.job.io;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files by a scheme of their own, without checksums; counts the streams that are open. */
public final class CountedFiles extends RawLocalFileSystem {
  private static final String SCHEME = "counted";

  /** Streams opened so far by all of this JVM. */
  static final AtomicInteger OPENED = new AtomicInteger();

  /** Those of them that are not closed yet. */
  static final AtomicInteger OPEN = new AtomicInteger();

  static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.setClass("fs." + SCHEME + ".impl", CountedFiles.class, CountedFiles.class);
    return configuration;
  }

  static String path(java.nio.file.Path file) {
    return SCHEME + "://" + file.toAbsolutePath();
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  protected void checkPath(Path path) {
    // the paths given are those of this file system
  }

  @Override
  public File pathToFile(Path path) {
    return new File(path.toUri().getPath());
  }

  @Override
  public FSDataInputStream open(Path path, int bufferBytes) throws IOException {
    return new Counted(super.open(path, bufferBytes));
  }

  private static final class Counted extends FSDataInputStream {
    private boolean open = true;

    Counted(FSDataInputStream in) {
      super(in);
      OPENED.incrementAndGet();
      OPEN.incrementAndGet();
    }

    @Override
    public void close() throws IOException {
      if (open) {
        open = false;
        OPEN.decrementAndGet();
      }
      super.close();
    }
  }
}
