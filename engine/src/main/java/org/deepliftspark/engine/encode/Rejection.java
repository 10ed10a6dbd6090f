package org.deepliftspark.engine.encode;

/**
 * Why a row cannot be encoded.
 *
 * @param kind what rejected rows are counted by
 * @param reason the kind with its particulars, such as {@code length 999, model expects 1000}
 */
public record Rejection(Kind kind, String reason) {
  /** The reasons a sequence can have. */
  public enum Kind {
    MISSING_SEQUENCE("no sequence"),
    LENGTH("length"),
    UNKNOWN_BASE("unknown base");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** In lower case, for summaries. */
    public String label() {
      return label;
    }
  }
}
