package org.deepliftspark.engine.encode;

import java.util.Optional;

/**
 * One sequence of a FASTA file.
 *
 * @param id its name up to the first blank; empty if it has none
 * @param description what follows the first blank of the name's line; may be empty
 * @param sequence the letters of all lines, as they are, without blanks; may be empty
 */
public record FastaRecord(String id, String description, String sequence) {
  /** The place that the id names, such as {@code chr1:100-300(+)}. */
  public Optional<GenomicInterval> interval() {
    return GenomicInterval.parse(id);
  }
}
