package org.deepliftspark.job.cli;

import java.io.IOException;
import org.deepliftspark.job.JobSession;
import org.deepliftspark.job.export.ArrayExport;
import org.deepliftspark.job.export.ArrayOptions;
import org.deepliftspark.job.export.ExportFormat;
import org.deepliftspark.job.export.SeqletBed;
import org.deepliftspark.job.export.TrackExport;
import org.deepliftspark.job.motif.SeqletJob;
import org.deepliftspark.job.scores.ScoreReader;
import org.deepliftspark.job.scores.Tables;

/** Carries out {@code export}. */
final class ExportRun {

  private ExportRun() {}

  static void run(OptionValues values, Console console) throws IOException {
    try (JobSession session = JobSession.open("deeplift-export")) {
      ExportFormat format = values.get(ResultOptions.FORMAT);
      String output = values.get(ResultOptions.RESULT);
      if (format == ExportFormat.SEQLETS) {
        exportSeqlets(session, values, console);
        return;
      }
      ScoreReader scores =
          ScoreReader.open(
              session.spark(),
              values.get(ResultOptions.SCORES),
              values.get(ResultOptions.SCORED_TARGET));
      if (format.isArrays()) {
        ArrayExport.run(scores, format, arrays(values), output, console.out());
      } else {
        TrackExport.run(
            scores,
            format,
            values.get(ResultOptions.OVERLAP),
            values.get(ResultOptions.CHROM_SIZES),
            output,
            console.out());
      }
    }
  }

  private static void exportSeqlets(JobSession session, OptionValues values, Console console)
      throws IOException {
    String seqlets =
        values
            .find(ResultOptions.SEQLETS_TABLE)
            .orElse(values.get(ResultOptions.SCORES) + "/" + SeqletJob.FOLDER);
    SeqletBed.run(
        Tables.read(session.spark(), seqlets, "seqlets"),
        values.get(ResultOptions.Q_VALUE),
        values.get(ResultOptions.RESULT),
        console.out());
  }

  private static ArrayOptions arrays(OptionValues values) {
    return new ArrayOptions(
        values.get(ResultOptions.WINDOW),
        values.get(ResultOptions.ORDER),
        values.get(ResultOptions.ROWS),
        values.get(ResultOptions.SAMPLE),
        values.get(ResultOptions.UNKNOWN),
        values.get(ResultOptions.NUMBERS).equals("f16"));
  }
}
