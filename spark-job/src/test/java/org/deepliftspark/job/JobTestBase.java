package org.deepliftspark.job;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.job.cli.ScoreOptions;
import org.junit.jupiter.api.io.TempDir;

/** Runs scoring jobs on a graph, in folders of the test. */
abstract class JobTestBase {
  @TempDir Path folder;

  final TestModel model = new TestModel();
  final ByteArrayOutputStream out = new ByteArrayOutputStream();
  final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** Runs a job on the test model; the options that are needed and not given are filled in. */
  RunReport score(SparkSession spark, Path input, String... more) throws IOException {
    return score(spark, model.graph(), TestModel.HASH, input, more);
  }

  RunReport score(SparkSession spark, Graph graph, String hash, Path input, String... more)
      throws IOException {
    List<String> args = new ArrayList<>(List.of("--model", "tiny", "--input", input.toString()));
    if (Stream.of(more).noneMatch(arg -> arg.startsWith("--output="))) {
      args.addAll(List.of("--output", output().toString()));
    }
    if (graph.outputs().get("score").shape().size() > 1
        && Stream.of(more).noneMatch(arg -> arg.startsWith("--target"))) {
      args.add("--target=0");
    }
    args.addAll(List.of(more));
    return ScoreJob.run(
        spark,
        List.of(new LoadedModel(graph, hash)),
        ScoreOptions.parse(args),
        stream(out),
        stream(err));
  }

  static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  Path output() {
    return folder.resolve("out");
  }

  Dataset<Row> scores(SparkSession spark) {
    return spark.read().parquet(output().toString());
  }

  Map<String, Row> scoresById(SparkSession spark) {
    return byId(scores(spark));
  }

  Dataset<Row> rejected(SparkSession spark) {
    return spark.read().parquet(output().resolve("_deeplift/rejected").toString());
  }

  static Map<String, Row> byId(Dataset<Row> rows) {
    return rows.collectAsList().stream()
        .collect(Collectors.toMap(row -> row.getAs("id"), Function.identity()));
  }

  /** A FASTA file of records {@code s0, s1, ...}. */
  Path fasta(String name, String... sequences) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < sequences.length; i++) {
      text.append(">s").append(i).append(" record ").append(i).append('\n');
      text.append(sequences[i]).append('\n');
    }
    return file(name, text.toString());
  }

  Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /**
   * Names of what lies directly in the output folder and is not hidden from readers, by kind of
   * file.
   */
  List<String> visibleFiles() throws IOException {
    try (Stream<Path> files = Files.list(output())) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }

  /** Changes what the last run left of itself, as another one would have written it. */
  void editRecord(UnaryOperator<String> edit) throws IOException {
    Path json = output().resolve("_deeplift/run.json");
    String text = Files.readString(json);
    Files.delete(json); // and with it the checksum that Hadoop would compare
    Files.deleteIfExists(json.resolveSibling(".run.json.crc"));
    Files.writeString(json, edit.apply(text));
  }

  static float[] floats(Row row, String column) {
    List<Float> list = row.getList(row.fieldIndex(column));
    float[] numbers = new float[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = list.get(i);
    }
    return numbers;
  }

  static double sum(float[] numbers) {
    double sum = 0;
    for (float number : numbers) {
      sum += number;
    }
    return sum;
  }

  static List<Integer> ints(Row row, String column) {
    return Arrays.asList(row.<Integer>getList(row.fieldIndex(column)).toArray(new Integer[0]));
  }
}
