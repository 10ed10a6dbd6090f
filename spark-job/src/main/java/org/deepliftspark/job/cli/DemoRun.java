package org.deepliftspark.job.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.JobSession;
import org.deepliftspark.job.ScoreJob;
import org.deepliftspark.job.cli.DemoReport.Scores;
import org.deepliftspark.job.motif.MotifJob;
import org.deepliftspark.job.motif.SeqletJob;
import org.deepliftspark.job.report.ReportJob;
import org.deepliftspark.job.scores.ScoreReader;

/** Scores the bundled sequences with the bundled network and reads the scores back. */
final class DemoRun {
  private static final String MODEL = "talgata.keras";
  private static final String SEQUENCES = "sequences.fa";
  private static final String MOTIFS = "motifs.meme";

  /** The network's task "both motifs are there". */
  private static final String TARGET = "0";

  private DemoRun() {}

  /** Runs the demo in the Spark session that is there or in a new one. */
  static void run(String output, String backend, Console console) throws IOException {
    try (JobSession session = JobSession.open("deeplift-demo")) {
      score(output, backend, console);
      report(session.spark(), output).print(TextLogo.forConsole(), console.out());
      seeMotifs(session.spark(), output, console);
    }
  }

  /**
   * Runs the job as a user would, on files: the executors read them too, so they lie beside the
   * output, for as long as the job runs.
   */
  private static void score(String output, String backend, Console console) throws IOException {
    Path inputs = new Path(output + ".input-" + UUID.randomUUID());
    FileSystem fs = inputs.getFileSystem(JobSession.hadoop());
    try {
      List<String> args =
          List.of(
              "--model=" + copy(MODEL, inputs, fs),
              "--input=" + copy(SEQUENCES, inputs, fs),
              "--target=" + TARGET,
              "--backend=" + backend,
              "--mode=overwrite",
              "--output=" + output);
      ScoreJob.run(ScoreOptions.parse(args), console.out(), console.err());
    } finally {
      fs.delete(inputs, true);
    }
  }

  private static Path copy(String name, Path folder, FileSystem fs) {
    Path file = fs.makeQualified(new Path(folder, name));
    try (InputStream in = resource(name);
        OutputStream out = fs.create(file)) {
      in.transferTo(out);
    } catch (IOException e) {
      throw new InvalidInputException("Cannot write to " + folder + ": " + e.getMessage(), e);
    }
    return file;
  }

  private static InputStream resource(String name) {
    return DemoRun.class.getResourceAsStream("/demo/" + name);
  }

  /** From the scores to motifs and a page to look at, as docs/after-scoring.md shows. */
  private static void seeMotifs(SparkSession spark, String output, Console console)
      throws IOException {
    Path motifs = new Path(output + ".input-" + UUID.randomUUID());
    FileSystem fs = motifs.getFileSystem(JobSession.hadoop());
    try {
      console.out().println();
      ScoreReader scores = ScoreReader.open(spark, output, null);
      SeqletJob.run(spark, scores, MotifRun.defaultSeqlets(output), null, console.out());
      String known = copy(MOTIFS, motifs, fs).toString();
      MotifJob.run(spark, output, null, MotifRun.defaultMotifs(output, known), null, console.out());
      ReportJob.run(spark, scores, ReportRun.defaults(output), null, console.out());
    } finally {
      fs.delete(motifs, true);
    }
  }

  /** Reads the output back. */
  static DemoReport report(SparkSession spark, String output) throws IOException {
    Map<String, Scores> scores = new HashMap<>();
    for (Row row :
        spark
            .read()
            .parquet(output)
            .select("id", "sequence", "prediction", "reference_prediction", "contributions")
            .collectAsList()) {
      scores.put(
          row.getString(0),
          new Scores(row.getString(1), row.getDouble(2), row.getDouble(3), floats(row.getList(4))));
    }
    try (Reader fasta = new InputStreamReader(resource(SEQUENCES), StandardCharsets.UTF_8)) {
      return new DemoReport(DemoSequence.read(fasta, SEQUENCES), scores);
    }
  }

  private static float[] floats(List<Float> list) {
    float[] numbers = new float[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = list.get(i);
    }
    return numbers;
  }
}
