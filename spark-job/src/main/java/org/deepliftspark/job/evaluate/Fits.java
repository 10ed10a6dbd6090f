package org.deepliftspark.job.evaluate;

import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.deepliftspark.engine.encode.OneHotEncoder;
import org.deepliftspark.job.io.SourceSchema;

/**
 * Keeps the rows that have a sequence that fits the model.
 *
 * @param refused counts the others, once for each attempt of a task
 */
record Fits(OneHotEncoder encoder, LongAccumulator refused) implements FilterFunction<Row> {

  @Override
  public boolean call(Row row) {
    boolean fits =
        row.isNullAt(SourceSchema.PROBLEM_AT)
            && !row.isNullAt(SourceSchema.INPUTS_AT)
            && encoder.encode(row.getString(SourceSchema.INPUTS_AT)).accepted();
    if (!fits) {
      refused.add(1);
    }
    return fits;
  }
}
