package org.deepliftspark.job.fuzz;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deepliftspark.engine.genome.GenomeFiles;

/** A genome of two chromosomes, {@code chr1} and {@code chr2}, in every format. */
final class GenomeSeeds {
  private static final int BASES = 400;
  private static final int LINE = 50;
  private static final int BLOCK = 128;

  private GenomeSeeds() {}

  private static Map<String, String> chroms() {
    Map<String, String> chroms = new LinkedHashMap<>();
    chroms.put("chr1", GenomeFiles.draw(BASES, 1));
    chroms.put("chr2", GenomeFiles.draw(BASES, 2));
    return chroms;
  }

  static byte[] fasta() {
    return GenomeFiles.fasta(chroms(), LINE, "\n");
  }

  /** The index of {@link #fasta}. */
  static byte[] fai() {
    int head = ">chr1 a description\n".length();
    int second = head + BASES / LINE * (LINE + 1) + head;
    return "chr1\t400\t%d\t50\t51\nchr2\t400\t%d\t50\t51\n"
        .formatted(head, second)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** The text of {@link #fasta} in blocks of bgzip, and the {@code .gzi} index of these. */
  static GenomeFiles.Bgzf bgzf() {
    return GenomeFiles.bgzf(fasta(), BLOCK);
  }

  static byte[] twoBit(ByteOrder order, int version) {
    return GenomeFiles.twoBit(chroms(), order, version);
  }
}
