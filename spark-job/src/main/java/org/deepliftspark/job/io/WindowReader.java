package org.deepliftspark.job.io;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.deepliftspark.engine.genome.Genome;

/**
 * Windows of a genome for the rows of a task: opened with the first one, closed when the task ends.
 */
final class WindowReader {
  /** Reasons of rejected rows. */
  static final String UNKNOWN_CHROM = "unknown chromosome";

  static final String OFF_CHROM = "off the chromosome";

  private final Spec spec;
  private Genome genome;

  /**
   * What every task needs.
   *
   * @param length bases of a window
   */
  record Spec(GenomeFile file, EdgePolicy edges, int length) implements Serializable {}

  WindowReader(Spec spec) {
    this.spec = spec;
  }

  int length() {
    return spec.length();
  }

  Genome genome() {
    if (genome == null) {
      genome = spec.file().open();
      TaskContext task = TaskContext.get();
      if (task != null) {
        task.addTaskCompletionListener((TaskCompletionListener) ended -> genome.close());
      }
    }
    return genome;
  }

  /**
   * Puts a problem into the row if a place cannot be read.
   *
   * @param summit the position that has to lie on the chromosome
   * @return whether it can be
   */
  boolean check(String chrom, long start, long end, long summit, SourceRow row) {
    long length = genome().length(chrom);
    if (length < 0) {
      row.problem(UNKNOWN_CHROM, "chromosome " + chrom + " is not in the genome");
      return false;
    }
    boolean outside = summit >= length;
    boolean reaches = start < 0 || end > length;
    if (outside || (reaches && spec.edges() == EdgePolicy.REJECT)) {
      row.problem(
          OFF_CHROM,
          "window %s:%d-%d, the chromosome has %d bases".formatted(chrom, start, end, length));
      return false;
    }
    return true;
  }
}
