package org.deepliftspark.job;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Where a run keeps its scores: part files, or a table of a data lake. One thread. */
sealed interface ScoreStore permits PartFiles, LakeTable {

  /** Whether scores were there before this run. */
  boolean isThere();

  /** Whether scores that are there stay until all new ones are ready. */
  boolean replaces();

  /**
   * Keeps runs that were taken for dead from adding anything from now on, as far as the format can.
   */
  void fence();

  /**
   * All scores that were there before this run.
   *
   * @throws org.deepliftspark.engine.InvalidInputException if they have other columns or folders
   *     than this run would write
   */
  Dataset<Row> before();

  /**
   * In how many commits a run of so many tasks adds its rows.
   *
   * @param cores of the cluster
   */
  int rounds(int tasks, int cores);

  /**
   * Adds the rows of one round; a round that was added before is left out if the format can tell.
   *
   * @param rows with the columns that scoring gives
   * @param round from 0
   */
  void write(Dataset<Row> rows, int round);

  /**
   * Makes the rows of this run visible, if they are not yet.
   *
   * @param valid the rows that were scored
   * @param targets of the run
   * @return what this run wrote of them
   */
  Dataset<Row> commit(Dataset<Row> valid, List<String> targets) throws IOException;

  /** What a later run has to know about the table, for {@code run.json}; empty if nothing. */
  Map<String, Object> notes();
}
