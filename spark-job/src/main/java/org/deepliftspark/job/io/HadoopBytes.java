package org.deepliftspark.job.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.deepliftspark.engine.bytes.ByteSource;

/**
 * A file on any file system that Hadoop knows, read at any place. Safe for many threads, which wait
 * for each other.
 */
final class HadoopBytes implements ByteSource {
  private final FSDataInputStream in;
  private final long size;
  private final boolean seeks;

  private HadoopBytes(FSDataInputStream in, long size, boolean seeks) {
    this.in = in;
    this.size = size;
    this.seeks = seeks;
  }

  static HadoopBytes open(FileSystem fs, Path path) throws IOException {
    long size = fs.getFileStatus(path).getLen();
    // such a one, as for local files, opens the file anew for every read at a position; others then
    // ask for these bytes only, but after a seek for all that follow
    boolean seeks = fs instanceof ChecksumFileSystem;
    return new HadoopBytes(fs.open(path), size, seeks);
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public synchronized void read(long position, ByteBuffer into) throws IOException {
    int count = into.remaining();
    if (into.hasArray()) {
      read(position, into.array(), into.arrayOffset() + into.position(), count);
      into.position(into.limit());
    } else {
      byte[] bytes = new byte[count];
      read(position, bytes, 0, count);
      into.put(bytes);
    }
  }

  private void read(long position, byte[] bytes, int from, int count) throws IOException {
    if (seeks) {
      in.seek(position);
      in.readFully(bytes, from, count);
    } else {
      in.readFully(position, bytes, from, count);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
