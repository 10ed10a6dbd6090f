package org.deepliftspark.job.partition;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * How rows hold what feeds the model: the first sequence is the output's column {@code sequence};
 * every other value has a column of its own behind those that tell rejected rows.
 */
public final class RowInputs implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<InputCodec> codecs;
  private final int sequence;

  private RowInputs(List<InputCodec> codecs, int sequence) {
    this.codecs = codecs;
    this.sequence = sequence;
  }

  /**
   * @param codecs one per column of the source that feeds the model
   */
  public static RowInputs of(List<? extends InputCodec> codecs) {
    int sequence = -1;
    for (int i = codecs.size() - 1; i >= 0; i--) {
      sequence = codecs.get(i) instanceof SequenceCodec ? i : sequence;
    }
    return new RowInputs(new ArrayList<>(codecs), sequence);
  }

  int size() {
    return codecs.size();
  }

  InputCodec codec(int input) {
    return codecs.get(input);
  }

  /** The one that is the column {@code sequence}; -1 if there is none. */
  int sequence() {
    return sequence;
  }

  boolean isSequence(int input) {
    return codecs.get(input) instanceof SequenceCodec;
  }

  /** Adds the columns of all but the first sequence. */
  StructType addTo(StructType schema) {
    StructType wider = schema;
    for (int i = 0; i < codecs.size(); i++) {
      if (i != sequence) {
        wider = wider.add("deeplift_input_" + i, codecs.get(i).type());
      }
    }
    return wider;
  }

  /** Where a prepared row holds an input. */
  int at(int input, int kept) {
    if (input == sequence) {
      return PreparedSchema.SEQUENCE_AT;
    }
    int before = sequence >= 0 && sequence < input ? input - 1 : input;
    return PreparedSchema.FIXED + kept + PreparedSchema.BOOKKEEPING + before;
  }

  /** Whether a value fits, as the source gives it. */
  public boolean fits(int input, Object given) {
    return codecs.get(input).fit(given).value() != null;
  }

  /**
   * The numbers of a value that fits, as the source gives it.
   *
   * @param size how many they are
   */
  public float[] numbers(int input, Object given, int size) {
    float[] numbers = new float[size];
    codecs.get(input).encode(codecs.get(input).fit(given).value(), numbers, 0);
    return numbers;
  }

  /** The numbers of an input for a batch of prepared rows. */
  float[] encode(List<Row> batch, int input, int kept, int size) {
    float[] numbers = new float[Math.multiplyExact(batch.size(), size)];
    int at = at(input, kept);
    for (int i = 0; i < batch.size(); i++) {
      codecs.get(input).encode(batch.get(i).get(at), numbers, i * size);
    }
    return numbers;
  }
}
