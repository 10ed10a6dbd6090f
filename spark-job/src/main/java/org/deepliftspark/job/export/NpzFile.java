package org.deepliftspark.job.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes {@code .npz}, a zip of {@code .npy} arrays, as numpy's {@code savez_compressed}. Entries
 * and files above 4 GiB are zip64, which {@link ZipOutputStream} does by itself.
 */
final class NpzFile {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

  /** Numpy wants the data to start at a multiple of this. */
  private static final int ALIGNMENT = 64;

  private NpzFile() {}

  static void write(List<StoredArray> arrays, OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    zip.setLevel(Deflater.BEST_SPEED);
    for (StoredArray array : arrays) {
      ZipEntry entry = new ZipEntry(array.name() + ".npy");
      entry.setTime(0); // equal arrays give equal files
      zip.putNextEntry(entry);
      zip.write(header(array));
      array.content().writeTo(zip);
      zip.closeEntry();
    }
    zip.finish();
    zip.flush();
  }

  private static byte[] header(StoredArray array) {
    String shape =
        Arrays.stream(array.shape()).mapToObj(Long::toString).collect(Collectors.joining(", "));
    String dict =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s%s), }"
            .formatted(array.code(), shape, array.shape().length == 1 ? "," : "");
    int unpadded = MAGIC.length + 2 + dict.length() + 1;
    int padding = (ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT;
    int length = dict.length() + padding + 1;
    byte[] header = new byte[MAGIC.length + 2 + length];
    Arrays.fill(header, (byte) ' ');
    System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
    header[MAGIC.length] = (byte) length;
    header[MAGIC.length + 1] = (byte) (length >>> 8);
    byte[] text = dict.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, header, MAGIC.length + 2, text.length);
    header[header.length - 1] = '\n';
    return header;
  }
}
