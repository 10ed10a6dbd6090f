package org.deepliftspark.job.io;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.deepliftspark.engine.encode.GenomicInterval;

/** Makes one row of {@link SourceSchema}. One thread, one use. */
final class SourceRow {
  private final Object[] values;
  private final int inputs;

  /**
   * @param inputs columns that feed the model
   * @param kept kept columns
   */
  SourceRow(int inputs, int kept) {
    this.values = new Object[SourceSchema.INPUTS_AT + inputs + kept];
    this.inputs = inputs;
  }

  SourceRow id(String id) {
    values[SourceSchema.ID_AT] = id;
    return this;
  }

  /** Rejects the row. */
  SourceRow problem(String reason, String detail) {
    values[SourceSchema.PROBLEM_AT] = reason;
    values[SourceSchema.DETAIL_AT] = detail;
    return this;
  }

  SourceRow place(GenomicInterval place) {
    values[SourceSchema.PLACE_AT] = place.chrom();
    values[SourceSchema.PLACE_AT + 1] = place.start();
    values[SourceSchema.PLACE_AT + 2] = place.end();
    values[SourceSchema.PLACE_AT + 3] = place.strand();
    return this;
  }

  SourceRow input(int index, Object value) {
    values[SourceSchema.INPUTS_AT + index] = value;
    return this;
  }

  SourceRow kept(int index, Object value) {
    values[SourceSchema.INPUTS_AT + inputs + index] = value;
    return this;
  }

  SourceRow content(String content) {
    values[SourceSchema.CONTENT_AT] = content;
    return this;
  }

  Row row() {
    return RowFactory.create(values);
  }
}
