package org.deepliftspark.job.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.deepliftspark.engine.bytes.ByteSource;

/** A file on any file system that Hadoop knows, read at any place. One thread at a time. */
final class HadoopBytes implements ByteSource {
  private final FSDataInputStream in;
  private final long size;

  private HadoopBytes(FSDataInputStream in, long size) {
    this.in = in;
    this.size = size;
  }

  static HadoopBytes open(FileSystem fs, Path path) throws IOException {
    long size = fs.getFileStatus(path).getLen();
    return new HadoopBytes(fs.open(path), size);
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long position, ByteBuffer into) throws IOException {
    int count = into.remaining();
    if (into.hasArray()) {
      in.readFully(position, into.array(), into.arrayOffset() + into.position(), count);
      into.position(into.limit());
    } else {
      byte[] bytes = new byte[count];
      in.readFully(position, bytes, 0, count);
      into.put(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
