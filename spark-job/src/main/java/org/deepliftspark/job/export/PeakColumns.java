package org.deepliftspark.job.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.deepliftspark.engine.encode.GenomicInterval;

/**
 * Where the exported rows lie, as the arrays {@code chr}, {@code chr_id}, {@code
 * peak_region_start}, {@code peak_id} and {@code peak_name} that Fi-NeMo looks for. There only if
 * every row has a place. Names and starts are kept in memory, a hundredth of what a row's scores
 * take on disk.
 */
final class PeakColumns {
  /** How numpy stores texts. */
  private static final Charset UTF_32 = Charset.forName("UTF-32LE");

  private final Map<String, Integer> chromosomes = new LinkedHashMap<>();
  private final List<String> chromosome = new ArrayList<>();
  private final List<Integer> start = new ArrayList<>();
  private final List<String> name = new ArrayList<>();
  private boolean complete = true;

  /**
   * Takes a row.
   *
   * @param place of the exported part; null if it is not known
   */
  void add(String id, GenomicInterval place) {
    complete &= place != null && place.start() == (int) place.start();
    if (complete) {
      chromosomes.putIfAbsent(place.chrom(), chromosomes.size());
      chromosome.add(place.chrom());
      start.add(Math.toIntExact(place.start()));
      name.add(id);
    }
  }

  /** The arrays, with an entry per row; none if a row has no place. */
  List<StoredArray> arrays() {
    if (!complete) {
      return List.of();
    }
    return List.of(
        texts("chr", chromosome),
        array("chr_id", "<u4", 4, row -> integer(chromosomes.get(chromosome.get(row)))),
        array("peak_region_start", "<i4", 4, row -> integer(start.get(row))),
        array("peak_id", "<u4", 4, PeakColumns::integer),
        texts("peak_name", name));
  }

  private StoredArray texts(String column, List<String> texts) {
    int longest =
        texts.stream().mapToInt(text -> text.codePointCount(0, text.length())).max().orElse(1);
    int width = Math.max(1, longest) * 4;
    return array(
        column,
        "<U" + width / 4,
        width,
        row -> {
          byte[] padded = new byte[width];
          byte[] text = texts.get(row).getBytes(UTF_32);
          System.arraycopy(text, 0, padded, 0, text.length);
          return padded;
        });
  }

  private StoredArray array(String column, String code, int width, IntFunction<byte[]> entry) {
    int rows = name.size();
    return new StoredArray(
        column,
        code,
        new long[] {rows},
        (long) width * rows,
        out -> {
          for (int row = 0; row < rows; row++) {
            out.write(entry.apply(row));
          }
        });
  }

  private static byte[] integer(int number) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
  }
}
