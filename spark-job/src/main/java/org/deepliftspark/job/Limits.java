package org.deepliftspark.job;

import java.util.Locale;
import java.util.Map;

/** The limits that end a run with exit status 3. */
final class Limits {

  private Limits() {}

  /** Checks a finished run; its results are written whatever comes out. */
  static void check(RunReport report, JobOptions options) {
    if (report.rejectedFraction() > options.quality().maxRejectedFraction()) {
      throw tooManyRejected(
          report.rejected(),
          report.read() - report.duplicates(),
          options,
          "The other rows are scored");
    }
    if (report.aboveMaxDelta() != null && report.aboveMaxDelta() > 0) {
      throw new LimitExceededException(
          String.format(
              Locale.ROOT,
              "%d of %d output rows have a |convergence delta| above --max-delta %s, the largest %.3g;"
                  + " column above_max_delta marks them",
              report.aboveMaxDelta(),
              report.written(),
              options.quality().maxDelta(),
              report.delta().largest()));
    }
  }

  /** Whether so many rejected rows stop a job. */
  static boolean passed(long rejected, long distinct, JobOptions options) {
    return distinct > 0 && (double) rejected / distinct > options.quality().maxRejectedFraction();
  }

  /**
   * @param consequence what became of the other rows, as a sentence without its full stop
   */
  static LimitExceededException tooManyRejected(
      Map<String, Long> rejected, long distinct, JobOptions options, String consequence) {
    long rows = rejected.values().stream().mapToLong(Long::longValue).sum();
    return new LimitExceededException(
        rows
            + " of "
            + distinct
            + " rows rejected ("
            + RunReport.reasons(rejected)
            + "), more than --max-rejected-fraction "
            + options.quality().maxRejectedFraction()
            + " allows. "
            + consequence
            + "; rejected rows are in "
            + rejectedFolder(options));
  }

  static String rejectedFolder(JobOptions options) {
    String asked = options.quality().rejected();
    return asked != null ? asked : options.output().folder() + "/_deeplift/rejected";
  }
}
