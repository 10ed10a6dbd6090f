package org.deepliftspark.job.partition;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.deepliftspark.job.io.SourceSchema;

/**
 * Turns a row of {@link SourceSchema} into one of {@link PreparedSchema}: fitted to the model, or
 * with the reason why not.
 */
public final class PrepareFunction implements MapFunction<Row, Row> {
  /** Reason of rows that have an id column without an id in it. */
  static final String NO_ID = "no id";

  private static final int HEAD_LETTERS = 50;

  private final RowInputs inputs;
  private final boolean idColumn;
  private final int kept;

  /**
   * @param idColumn whether the input has a column of ids, so that a row without one is an error
   * @param kept number of kept columns
   */
  public PrepareFunction(RowInputs inputs, boolean idColumn, int kept) {
    this.inputs = inputs;
    this.idColumn = idColumn;
    this.kept = kept;
  }

  @Override
  public Row call(Row row) {
    String id = row.getString(SourceSchema.ID_AT);
    boolean missingId = id == null || id.isBlank();
    InputCodec.Fitted[] fitted = new InputCodec.Fitted[inputs.size()];
    for (int i = 0; i < fitted.length; i++) {
      fitted[i] = inputs.codec(i).fit(row.get(SourceSchema.INPUTS_AT + i));
    }
    String hash = hash(row, fitted);
    Object[] values =
        new Object
            [PreparedSchema.FIXED
                + kept
                + PreparedSchema.BOOKKEEPING
                + inputs.size()
                - (inputs.sequence() < 0 ? 0 : 1)];
    values[PreparedSchema.ID_AT] = missingId ? hash : id;
    for (int i = 0; i < kept; i++) {
      values[PreparedSchema.FIXED + i] = row.get(SourceSchema.INPUTS_AT + inputs.size() + i);
    }
    int at = PreparedSchema.FIXED + kept;
    values[at] = hash;
    values[at + 1] = row.getString(SourceSchema.PROBLEM_AT);
    values[at + 2] = row.getString(SourceSchema.DETAIL_AT);
    values[at + 3] = 0;
    values[at + 5] = 1L;
    if (values[at + 1] == null && missingId && idColumn) {
      values[at + 1] = NO_ID;
      values[at + 2] = NO_ID;
    }
    putInputs(row, fitted, values, at);
    return RowFactory.create(values);
  }

  /** Writes the fitted inputs, or the first reason why one does not fit. */
  private void putInputs(Row row, InputCodec.Fitted[] fitted, Object[] values, int at) {
    int main = Math.max(0, inputs.sequence());
    values[at + 3] = fitted[main].length();
    putPlace(row, fitted[main], values);
    for (int i = 0; i < fitted.length; i++) {
      values[inputs.at(i, kept)] = fitted[i].value();
      if (values[at + 1] == null && fitted[i].reason() != null) {
        values[at + 1] = fitted[i].reason();
        values[at + 2] = fitted[i].detail();
      }
    }
    if (values[at + 1] != null) {
      for (int i = 0; i < inputs.size(); i++) {
        values[inputs.at(i, kept)] = null;
      }
      for (int i = 2; i < PreparedSchema.FIXED; i++) {
        values[i] = null;
      }
      values[at + 4] =
          inputs.sequence() < 0
              ? null
              : head(row.getString(SourceSchema.INPUTS_AT + inputs.sequence()));
    }
  }

  static String head(String sequence) {
    return sequence == null
        ? null
        : sequence.substring(0, Math.min(HEAD_LETTERS, sequence.length()));
  }

  /**
   * Writes the place of the sequence as scored; of one that was cropped or padded only if the place
   * given is that of the whole.
   */
  private void putPlace(Row row, InputCodec.Fitted fitted, Object[] values) {
    int from = SourceSchema.PLACE_AT;
    if (row.isNullAt(from) || fitted.value() == null) {
      return;
    }
    long start = row.getLong(from + 1);
    long end = row.getLong(from + 2);
    String strand = row.getString(from + 3);
    int given = fitted.length();
    int scored = fitted.value() instanceof String sequence ? sequence.length() : given;
    if (end - start != given && given != scored) {
      return;
    }
    if (given != scored) {
      start = "-".equals(strand) ? end - fitted.offset() - scored : start + fitted.offset();
      end = start + scored;
    }
    values[2] = row.getString(from);
    values[3] = start;
    values[4] = end;
    values[5] = strand;
  }

  /**
   * 128 bits are enough for ids of content: among 10^12 rows two alike are less likely than 10^-14.
   */
  private String hash(Row row, InputCodec.Fitted[] fitted) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      for (int i = 0; i < inputs.size(); i++) {
        if (i > 0) {
          md5.update((byte) '\t');
        }
        inputs.codec(i).digest(row.get(SourceSchema.INPUTS_AT + i), fitted[i], md5);
      }
      String content = row.getString(SourceSchema.CONTENT_AT);
      if (content != null) {
        md5.update((byte) '\n');
        md5.update(content.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(md5.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has MD5", e);
    }
  }
}
