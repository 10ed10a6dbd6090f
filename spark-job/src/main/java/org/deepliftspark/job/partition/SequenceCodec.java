package org.deepliftspark.job.partition;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.engine.encode.EncodedSequence;
import org.deepliftspark.engine.encode.OneHotEncoder;

/**
 * DNA as text; prepared rows hold it fitted to the model's length, upper case.
 *
 * @param fitting of sequences as given
 * @param scoring of fitted ones, padding included
 */
public record SequenceCodec(OneHotEncoder fitting, OneHotEncoder scoring) implements InputCodec {

  @Override
  public DataType type() {
    return DataTypes.StringType;
  }

  @Override
  public Fitted fit(Object given) {
    String sequence = (String) given;
    int length = sequence == null ? 0 : sequence.length();
    EncodedSequence encoded = fitting.encode(sequence);
    return encoded.accepted()
        ? Fitted.accepted(encoded.sequence(), encoded.offset(), length)
        : Fitted.rejected(length, encoded.rejection().kind().label(), encoded.rejection().reason());
  }

  @Override
  public void digest(Object given, Fitted fitted, MessageDigest digest) {
    if (given != null) {
      digest.update(((String) given).toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
    }
  }

  @Override
  public void encode(Object prepared, float[] into, int at) {
    EncodedSequence encoded = scoring.encode((String) prepared);
    if (!encoded.accepted()) {
      throw new IllegalStateException("Row was prepared but is refused: " + encoded.rejection());
    }
    System.arraycopy(encoded.numbers(), 0, into, at, scoring.length() * DnaAlphabet.SIZE);
  }
}
