package org.deepliftspark.job.export;

import java.io.IOException;
import java.io.OutputStream;

/**
 * An array that is complete and waits to be put into a file.
 *
 * @param name in the file; {@code /} separates the groups of HDF5
 * @param code element type as numpy writes it
 * @param shape row-major
 * @param bytes size of {@code content}
 * @param content writes the numbers
 */
record StoredArray(String name, String code, long[] shape, long bytes, Content content) {

  /** Writes the numbers of an array, row-major and little-endian. */
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }
}
