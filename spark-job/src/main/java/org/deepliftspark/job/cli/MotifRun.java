package org.deepliftspark.job.cli;

import java.io.IOException;
import java.util.List;
import org.deepliftspark.job.JobSession;
import org.deepliftspark.job.motif.MotifJob;
import org.deepliftspark.job.motif.MotifOptions;
import org.deepliftspark.job.motif.SeqletJob;
import org.deepliftspark.job.motif.SeqletOptions;
import org.deepliftspark.job.scores.ScoreReader;

/** Carries out {@code seqlets} and {@code motifs}. */
final class MotifRun {

  private MotifRun() {}

  static void seqlets(OptionValues values, Console console) throws IOException {
    try (JobSession session = JobSession.open("deeplift-seqlets")) {
      ScoreReader scores =
          ScoreReader.open(
              session.spark(),
              values.get(ResultOptions.SCORES),
              values.get(ResultOptions.SCORED_TARGET));
      SeqletJob.run(
          session.spark(),
          scores,
          seqletOptions(values),
          values.get(ResultOptions.RESULT),
          console.out());
    }
  }

  static void motifs(OptionValues values, Console console) throws IOException {
    try (JobSession session = JobSession.open("deeplift-motifs")) {
      MotifJob.run(
          session.spark(),
          values.get(ResultOptions.SCORES),
          values.get(ResultOptions.SEQLETS_TABLE),
          motifOptions(values),
          values.get(ResultOptions.RESULT),
          console.out());
    }
  }

  private static SeqletOptions seqletOptions(OptionValues values) {
    return new SeqletOptions(
        values.get(ResultOptions.P_VALUE),
        values.get(ResultOptions.MIN_LENGTH),
        values.get(ResultOptions.MAX_LENGTH),
        values.get(ResultOptions.FLANK));
  }

  private static MotifOptions motifOptions(OptionValues values) {
    return new MotifOptions(
        values.get(ResultOptions.KNOWN_MOTIFS),
        values.get(ResultOptions.Q_VALUE),
        values.get(ResultOptions.BIN));
  }

  /** What {@code seqlets} does if no option says otherwise. */
  static SeqletOptions defaultSeqlets(String scores) {
    return seqletOptions(Options.parse(CommandName.SEQLETS, List.of(scores)));
  }

  /** What {@code motifs} does with a file of motifs if no other option is given. */
  static MotifOptions defaultMotifs(String scores, String known) {
    return motifOptions(Options.parse(CommandName.MOTIFS, List.of(scores, "--motifs=" + known)));
  }
}
