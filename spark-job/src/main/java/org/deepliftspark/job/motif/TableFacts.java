package org.deepliftspark.job.motif;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.JobSession;
import org.deepliftspark.job.export.OutputFile;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.scores.Tables;

/**
 * What a table of seqlets or motifs was made of: {@code _facts.json} beside its files, which
 * readers of Parquet pass over. It names the scoring run, so that a report never shows motifs of
 * older scores.
 */
public final class TableFacts {
  private static final String FILE = "_facts.json";
  private static final String RUN = "scores_run";

  private final JsonNode json;

  private TableFacts(JsonNode json) {
    this.json = json;
  }

  /** Writes the facts of a table that was made of scores. */
  static void write(String scores, String folder, Map<String, Object> facts) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("scores", scores);
    all.put(RUN, run(scores));
    all.putAll(facts);
    try (OutputFile file = OutputFile.create(folder + "/" + FILE)) {
      new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.stream(), all);
      file.commit();
    }
  }

  /**
   * Refuses to replace a folder that holds something else.
   *
   * @throws InvalidInputException if the folder is there and no command after scoring wrote it
   */
  static void requireReplaceable(String folder) {
    if (Tables.exists(folder) && !Tables.exists(folder + "/" + FILE)) {
      throw new InvalidInputException(
          "Cannot write to "
              + folder
              + ": it exists and is no table of this command (no "
              + FILE
              + " in it). Use another --output");
    }
  }

  /** The run that scored a table, as {@code run.json} names it; empty if there is none. */
  private static String run(String scores) throws IOException {
    String file = scores + "/_deeplift/run.json";
    return Tables.exists(file) ? json(file).path("run").asText() : "";
  }

  private static JsonNode json(String file) throws IOException {
    byte[] bytes = new HadoopFiles(JobSession.hadoop()).read(file);
    return new ObjectMapper().readTree(new String(bytes, StandardCharsets.UTF_8));
  }

  /**
   * Reads the facts of a table.
   *
   * @throws InvalidInputException if there are none
   */
  public static TableFacts read(String folder) throws IOException {
    if (!Tables.exists(folder + "/" + FILE)) {
      throw new InvalidInputException(
          "Cannot read " + folder + ": it has no " + FILE + ", which 'seqlets' writes");
    }
    return new TableFacts(json(folder + "/" + FILE));
  }

  public String text(String key) {
    return json.path(key).asText();
  }

  public long number(String key) {
    return json.path(key).asLong();
  }

  /** Whether the scores are still those that the table was made of. */
  public boolean isOf(String scores) throws IOException {
    return text(RUN).equals(run(scores));
  }
}
