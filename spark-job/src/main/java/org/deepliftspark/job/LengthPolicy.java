package org.deepliftspark.job;

/** What happens to a sequence whose length is not the model's. */
public enum LengthPolicy {
  /** It becomes a rejected row. */
  REJECT,
  /** The middle of a longer one is scored; a shorter one is rejected. */
  CENTER,
  /** A shorter one is filled up with N at both ends; a longer one is rejected. */
  PAD
}
