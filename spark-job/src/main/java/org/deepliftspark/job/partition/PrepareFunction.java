package org.deepliftspark.job.partition;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.deepliftspark.engine.encode.EncodedSequence;
import org.deepliftspark.engine.encode.GenomicInterval;
import org.deepliftspark.engine.encode.OneHotEncoder;
import org.deepliftspark.job.io.SourceSchema;

/**
 * Turns a row of {@link SourceSchema} into one of {@link PreparedSchema}: fitted to the model, or
 * with the reason why not.
 */
public final class PrepareFunction implements MapFunction<Row, Row> {
  /** Reason of rows that have an id column without an id in it. */
  static final String NO_ID = "no id";

  private static final int HEAD_LETTERS = 50;

  private final OneHotEncoder encoder;
  private final boolean named;
  private final boolean idColumn;
  private final int kept;

  /**
   * @param named whether ids may name a place on a genome
   * @param idColumn whether the input has a column of ids, so that a row without one is an error
   * @param kept number of kept columns
   */
  public PrepareFunction(OneHotEncoder encoder, boolean named, boolean idColumn, int kept) {
    this.encoder = encoder;
    this.named = named;
    this.idColumn = idColumn;
    this.kept = kept;
  }

  @Override
  public Row call(Row row) {
    String given = row.getString(SourceSchema.SEQUENCE_AT);
    String hash = hash(given, row.getString(SourceSchema.CONTENT_AT));
    String id = row.getString(SourceSchema.ID_AT);
    boolean missingId = id == null || id.isBlank();
    EncodedSequence encoded = encoder.encode(given);
    String reason = row.getString(SourceSchema.PROBLEM_AT);
    String detail = reason;
    if (reason == null && missingId && idColumn) {
      reason = NO_ID;
      detail = NO_ID;
    } else if (reason == null && !encoded.accepted()) {
      reason = encoded.rejection().kind().label();
      detail = encoded.rejection().reason();
    }
    Object[] values = new Object[PreparedSchema.FIXED + kept + PreparedSchema.DONE_OFFSET + 1];
    values[PreparedSchema.ID_AT] = missingId ? hash : id;
    if (reason == null) {
      values[PreparedSchema.SEQUENCE_AT] = encoded.sequence();
      putPlace(missingId ? "" : id, given.length(), encoded.offset(), values);
    }
    for (int i = 0; i < kept; i++) {
      values[PreparedSchema.FIXED + i] = row.get(SourceSchema.KEPT_AT + i);
    }
    int at = PreparedSchema.FIXED + kept;
    values[at] = hash;
    values[at + 1] = reason;
    values[at + 2] = detail;
    values[at + 3] = given == null ? 0 : given.length();
    values[at + 4] = reason == null || given == null ? null : head(given);
    values[at + 5] = 1L;
    return RowFactory.create(values);
  }

  private static String head(String sequence) {
    return sequence.substring(0, Math.min(HEAD_LETTERS, sequence.length()));
  }

  /**
   * Writes the place of the sequence as scored; of one that was cropped or padded only if the place
   * given is that of the whole.
   */
  private void putPlace(String id, int given, int offset, Object[] values) {
    Optional<GenomicInterval> parsed = named ? GenomicInterval.parse(id) : Optional.empty();
    if (parsed.isEmpty()) {
      return;
    }
    GenomicInterval place = parsed.get();
    boolean whole = place.end() - place.start() == given;
    if (!whole && given != encoder.length()) {
      return;
    }
    long start = place.start();
    long end = place.end();
    if (given != encoder.length()) {
      boolean reverse = "-".equals(place.strand());
      start = reverse ? end - offset - encoder.length() : start + offset;
      end = start + encoder.length();
    }
    values[2] = place.chrom();
    values[3] = start;
    values[4] = end;
    values[5] = place.strand();
  }

  /**
   * 128 bits are enough for ids of content: among 10^12 rows two alike are less likely than 10^-14.
   */
  private static String hash(String sequence, String content) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      if (sequence != null) {
        md5.update(sequence.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
      }
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
