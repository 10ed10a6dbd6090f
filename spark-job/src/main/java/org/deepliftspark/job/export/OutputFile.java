package org.deepliftspark.job.export;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.JobSession;

/**
 * A file on any file system that Hadoop knows. It gets its name, in place of an older one, when it
 * is complete; what is not committed is deleted.
 */
public final class OutputFile implements Closeable {
  private final FileSystem fs;
  private final Path path;
  private final Path partial;
  private final OutputStream out;
  private boolean closed;

  private OutputFile(FileSystem fs, Path path, Path partial) throws IOException {
    this.fs = fs;
    this.path = path;
    this.partial = partial;
    this.out = new BufferedOutputStream(fs.create(partial), 1 << 16);
  }

  /**
   * @throws InvalidInputException if nothing can be written there
   */
  public static OutputFile create(String text) {
    try {
      Path path = new Path(text);
      FileSystem fs = path.getFileSystem(JobSession.hadoop());
      if (fs.exists(path) && fs.getFileStatus(path).isDirectory()) {
        throw new InvalidInputException(
            "Cannot write to " + text + ": it is a folder, expected the name of a file");
      }
      String name = "." + path.getName() + "." + UUID.randomUUID() + ".partial";
      return new OutputFile(fs, path, new Path(path.getParent(), name));
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("Invalid path '" + text + "': " + e.getMessage(), e);
    } catch (IOException e) {
      throw new InvalidInputException("Cannot write to " + text + ": " + e.getMessage(), e);
    }
  }

  /** A file in a folder. */
  static OutputFile create(String folder, String name) {
    return create(folder + "/" + name);
  }

  /** Where to write; closing it does not close the file. */
  public OutputStream stream() {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        out.write(bytes, from, count);
      }

      @Override
      public void close() throws IOException {
        out.flush();
      }
    };
  }

  /** Gives the file its name. */
  public void commit() throws IOException {
    out.close();
    closed = true;
    fs.delete(path, false);
    if (!fs.rename(partial, path)) {
      fs.delete(partial, false);
      throw new IOException("Cannot rename " + partial + " to " + path);
    }
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      out.close();
      fs.delete(partial, false);
    }
  }
}
