package org.deepliftspark.job.motif;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.engine.encode.DnaAlphabet;

/**
 * Sums over the seqlets that match a motif, in the motif's frame and direction: from them its mean
 * contributions and the letters that stand there. Mutable; one thread.
 */
final class MotifTally {
  private final double[] contributions;
  private final double[] letters;
  private long seqlets;
  private long positive;
  private double attribution;
  private double bits;

  MotifTally(int width) {
    contributions = new double[DnaAlphabet.SIZE * width];
    letters = new double[DnaAlphabet.SIZE * width];
  }

  /**
   * Adds a seqlet.
   *
   * @param context letters round the seqlet
   * @param observed contribution of each of them
   * @param start where the motif starts in the context
   * @param reverse whether it lies on the other strand
   */
  void add(
      String context,
      List<Float> observed,
      int start,
      boolean reverse,
      double attribution,
      double bits) {
    seqlets++;
    positive += attribution >= 0 ? 1 : 0;
    this.attribution += attribution;
    this.bits += bits;
    int width = letters.length / DnaAlphabet.SIZE;
    for (int i = 0; i < width; i++) {
      int letter = DnaAlphabet.index(context.charAt(start + i));
      if (letter >= 0 && letter < DnaAlphabet.SIZE) {
        int forward = DnaAlphabet.SIZE * i + letter;
        int at = reverse ? letters.length - 1 - forward : forward;
        contributions[at] += observed.get(start + i);
        letters[at]++;
      }
    }
  }

  /** Columns of {@link #row}. */
  static final StructType SCHEMA =
      new StructType()
          .add("motif_number", DataTypes.IntegerType)
          .add("seqlets", DataTypes.LongType)
          .add("positive", DataTypes.LongType)
          .add("attribution", DataTypes.DoubleType)
          .add("bits", DataTypes.DoubleType)
          .add("contributions", DataTypes.createArrayType(DataTypes.DoubleType, false))
          .add("letters", DataTypes.createArrayType(DataTypes.DoubleType, false));

  /** These sums as a row. */
  Row row(int motif) {
    return RowFactory.create(motif, seqlets, positive, attribution, bits, contributions, letters);
  }

  /** Adds sums that {@link #row} gave. */
  void add(Row row) {
    seqlets += row.getLong(1);
    positive += row.getLong(2);
    attribution += row.getDouble(3);
    bits += row.getDouble(4);
    List<Double> otherContributions = row.getList(5);
    List<Double> otherLetters = row.getList(6);
    for (int i = 0; i < letters.length; i++) {
      contributions[i] += otherContributions.get(i);
      letters[i] += otherLetters.get(i);
    }
  }

  long seqlets() {
    return seqlets;
  }

  long positive() {
    return positive;
  }

  double meanAttribution() {
    return attribution / seqlets;
  }

  double meanBits() {
    return bits / seqlets;
  }

  /** Mean contribution of each letter at each position, {@code [width, 4]}. */
  List<Float> meanContributions() {
    return shares(contributions);
  }

  /** How often each letter stands at each position, {@code [width, 4]}. */
  List<Float> letterShares() {
    return shares(letters);
  }

  private List<Float> shares(double[] sums) {
    List<Float> shares = new ArrayList<>(sums.length);
    for (double sum : sums) {
      shares.add((float) (sum / seqlets));
    }
    return shares;
  }
}
