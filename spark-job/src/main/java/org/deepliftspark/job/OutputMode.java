package org.deepliftspark.job;

/** What happens where the output folder holds scores already. */
public enum OutputMode {
  /** The job does not start. */
  ERROR,
  /** They are replaced once the new ones are complete. */
  OVERWRITE,
  /** New rows are added; rows whose id is there already are rejected. */
  APPEND,
  /** What the output does not hold yet is added, by the same model and options only. */
  RESUME;

  /** Whether scores that are there stay. */
  public boolean adds() {
    return this == APPEND || this == RESUME;
  }
}
