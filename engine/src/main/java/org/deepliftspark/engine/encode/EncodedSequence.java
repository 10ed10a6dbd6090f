package org.deepliftspark.engine.encode;

/**
 * A sequence fitted to a model, or the reason why it cannot be.
 *
 * @param sequence as scored: fitted to the model's length, upper case, N for every unknown base;
 *     null if rejected
 * @param numbers {@code [length, 4]}, channels-last; null if rejected
 * @param offset where the first scored base lies in the sequence as given: above 0 if cropped,
 *     below 0 if padded
 * @param rejection null if accepted
 */
public record EncodedSequence(String sequence, float[] numbers, int offset, Rejection rejection) {
  public boolean accepted() {
    return rejection == null;
  }

  static EncodedSequence rejected(Rejection.Kind kind, String reason) {
    return new EncodedSequence(null, null, 0, new Rejection(kind, reason));
  }
}
