package org.deepliftspark.job.evaluate;

import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.deepliftspark.job.io.SourceSchema;
import org.deepliftspark.job.partition.RowInputs;

/**
 * Keeps the rows whose value fits the model.
 *
 * @param refused counts the others, once for each attempt of a task
 */
record Fits(RowInputs inputs, LongAccumulator refused) implements FilterFunction<Row> {

  @Override
  public boolean call(Row row) {
    boolean fits =
        row.isNullAt(SourceSchema.PROBLEM_AT)
            && !row.isNullAt(SourceSchema.INPUTS_AT)
            && inputs.fits(0, row.get(SourceSchema.INPUTS_AT));
    if (!fits) {
      refused.add(1);
    }
    return fits;
  }
}
