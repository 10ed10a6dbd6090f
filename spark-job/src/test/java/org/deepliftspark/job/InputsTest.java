package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.io.EdgePolicy;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.io.SequenceSource;
import org.deepliftspark.job.io.SourceSchema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SparkHarness.class)
class InputsTest extends JobTestBase {
  private static final String GOOD = "ACGTACGTACGT";
  private static final String OTHER = "CCGTACGTACGA";

  /** What a source reads, as texts {@code id:sequence}. */
  private static List<String> read(SparkSession spark, String format, Path... inputs) {
    List<String> paths = Arrays.stream(inputs).map(Path::toString).toList();
    SequenceSource.GenomeRequest genome = new SequenceSource.GenomeRequest(null, EdgePolicy.PAD);
    return open(
            spark, new SequenceSource.Request(paths, format, List.of(), null, List.of(), genome))
        .rows()
        .collectAsList()
        .stream()
        .map(row -> row.getString(SourceSchema.ID_AT) + ":" + row.getString(SourceSchema.INPUTS_AT))
        .sorted()
        .toList();
  }

  private static SequenceSource open(SparkSession spark, SequenceSource.Request request) {
    return SequenceSource.open(
        spark, new HadoopFiles(new Configuration()), request, new TestModel().graph().inputs());
  }

  private SequenceSource opened(SparkSession spark, Path input) {
    SequenceSource.GenomeRequest genome = new SequenceSource.GenomeRequest(null, EdgePolicy.PAD);
    return open(
        spark,
        new SequenceSource.Request(
            List.of(input.toString()), "auto", List.of(), null, List.of(), genome));
  }

  private Path gzip(String name, String text) throws Exception {
    Path file = folder.resolve(name);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 64, 1000})
  void aFastaFileIsSplitAtItsRecords(int bytesPerTask, SparkSession spark) throws Exception {
    StringBuilder text = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      String letters = "ACGT".repeat(i % 7) + "A";
      text.append(">s").append(i).append(" x>y\r\n").append(letters).append("\r\n");
      text.append(i % 3 == 0 ? "cc\r\n\r\n" : "");
      expected.append("s").append(i).append(':').append(letters);
      expected.append(i % 3 == 0 ? "cc\n" : "\n");
    }
    Path input = file("crlf.fa", text.toString());
    String before = spark.conf().get("spark.sql.files.maxPartitionBytes");
    spark.conf().set("spark.sql.files.maxPartitionBytes", bytesPerTask);
    try {
      assertThat(read(spark, "auto", input))
          .containsExactlyElementsOf(expected.toString().lines().sorted().toList());
    } finally {
      spark.conf().set("spark.sql.files.maxPartitionBytes", before);
    }
  }

  @Test
  void fastaComesFromFilesFoldersPatternsAndGzip(SparkSession spark) throws Exception {
    Files.createDirectory(folder.resolve("in"));
    file("in/a.fa", ">a\n" + GOOD + "\n");
    file("in/b.fasta", "\n\n>b description\nACGT\nACGT\n");
    gzip("in/c.fa.gz", ">c\nAC\n>c:1>2\nAT");
    file("in/_hidden.fa", ">hidden\nA\n");
    file("in/empty.fa", "");
    List<String> all = List.of("a:" + GOOD, "b:ACGTACGT", "c:1>2:AT", "c:AC");
    assertThat(read(spark, "auto", folder.resolve("in"))).isEqualTo(all);
    assertThat(read(spark, "fasta", folder.resolve("in/*.fa*"))).isEqualTo(all);
    assertThat(read(spark, "auto", folder.resolve("in/a.fa"), folder.resolve("in/c.fa.gz")))
        .containsExactly("a:" + GOOD, "c:1>2:AT", "c:AC");
  }

  @Test
  void tablesAreReadFromFoldersHoweverDeep(SparkSession spark) throws Exception {
    Files.createDirectories(folder.resolve("lake/2024/01"));
    file("lake/a.csv", "id,seq\na," + GOOD + "\n");
    file("lake/2024/b.csv", "id,seq\nb,ACG\n");
    file("lake/2024/01/c.csv", "id,seq\nc,CCC\n");
    assertThat(read(spark, "auto", folder.resolve("lake")))
        .containsExactly("null:ACG", "null:" + GOOD, "null:CCC");
    Files.createDirectories(folder.resolve("lake/batch=1"));
    file("lake/batch=1/d.csv", "id,seq\nd,GGG\n");
    assertThatThrownBy(() -> read(spark, "auto", folder.resolve("lake")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read "
                + folder.resolve("lake")
                + ": files lie in the folder itself and in batch=1, whose name stands for a column."
                + " Give them as two jobs, or move the files");
  }

  @Test
  void quotesWithinQuotesAreDoubledInCsv(SparkSession spark) throws Exception {
    Path input = file("quotes.csv", "note,seq\n\"a \"\"q\"\", x\",ACG\nb\\,CCC\n");
    assertThat(read(spark, "auto", input)).containsExactly("null:ACG", "null:CCC");
  }

  @ParameterizedTest
  @CsvSource({"csv, ','", "tsv, '\t'"})
  void aLineBreakWithinQuotesBelongsToTheField(String format, char separator, SparkSession spark)
      throws Exception {
    Path in = Files.createDirectories(folder.resolve("over lines"));
    String text =
        "id,seq,note\r\n"
            + ("a," + GOOD + ",\"one\nx," + OTHER + ",two\r\n\r\nthree \"\"q\"\"\"\r\n")
            + ("\"b\n2\"," + OTHER + ",5\" tall\r\n")
            + ("c,GGGGTTTTCCCC,\"whole\"\r\n");
    file("over lines/x." + format, text.replace(',', separator));
    gzip("over lines/y." + format + ".gz", "id,seq,note\nd,CCC,e\n".replace(',', separator));
    String[] options = {
      "--id-col=id", "--keep-cols=note", "--max-rejected-fraction=1", "--mode=resume"
    };
    RunReport report = score(spark, in, options);
    assertThat(report.read()).isEqualTo(4);
    assertThat(report.rejected()).containsExactly(Map.entry("length", 1L));
    Map<String, Row> rows = scoresById(spark);
    assertThat(rows).containsOnlyKeys("a", "b\n2", "c");
    assertThat(rows.get("a").<String>getAs("sequence")).isEqualTo(GOOD);
    assertThat(rows.get("a").<String>getAs("note").replace("\r", "").replace(separator, ','))
        .isEqualTo("one\nx," + OTHER + ",two\n\nthree \"q\"");
    assertThat(rows.get("b\n2").<String>getAs("note")).isEqualTo("5\" tall");
    gzip("over lines/z." + format + ".gz", "id,seq,note\nd,CCC,e\n".replace(',', separator));
    assertThat(score(spark, in, options).scored()).isZero();
  }

  @Test
  void onlyTablesWithLineBreaksWithinQuotesAreReadInOnePiece(SparkSession spark) throws Exception {
    String rows = ("\"a, \"\"b\"\"\"," + GOOD + "\n").repeat(50);
    Path plain = file("plain.csv", "note,seq\n" + rows);
    Path over = file("over.csv", "note,seq\n" + rows + "\"a\nb\"," + OTHER + "\n");
    String before = spark.conf().get("spark.sql.files.maxPartitionBytes");
    spark.conf().set("spark.sql.files.maxPartitionBytes", 300);
    try {
      assertThat(opened(spark, plain).rows().javaRDD().getNumPartitions()).isGreaterThan(3);
      assertThat(opened(spark, plain).rows().count()).isEqualTo(50);
      assertThat(opened(spark, over).rows().javaRDD().getNumPartitions()).isEqualTo(1);
      assertThat(opened(spark, over).rows().count()).isEqualTo(51);
    } finally {
      spark.conf().set("spark.sql.files.maxPartitionBytes", before);
    }
  }

  @Test
  void quotesOfSeveralLinesThatAreNotClosedAreOneLine(SparkSession spark) throws Exception {
    Path open = file("open.csv", "id,seq,note\na," + GOOD + ",x\nb," + GOOD + ",\"y\nc,ACG,z\n");
    Path wrong = file("wrong.csv", "id,seq,note\na," + GOOD + ",\"x\nb," + GOOD + ",\"y\n");
    Map<Path, Integer> lines = Map.of(open, 3, wrong, 2);
    lines.forEach(
        (file, line) ->
            assertThatThrownBy(() -> score(spark, file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                    "Cannot read "
                        + file.getFileName()
                        + ": the quoted field that begins in line "
                        + line
                        + " goes on in the next one and does not end before a separator or a line"
                        + " end. Close its quote, or double quotes that belong to the text"));
    Path names = file("names.csv", "seq,\"no\nte\"\n" + GOOD + ",x\n");
    assertThatThrownBy(() -> score(spark, names))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read "
                + names
                + " as csv: a name of a column holds a line break; write all names in the first"
                + " line");
    // a quote within a field, or one that is closed in its line, is a letter
    Path letters = file("letters.csv", "id,seq,note\na," + GOOD + ",5\"\nb," + OTHER + ",\"x\"y\n");
    assertThat(score(spark, letters, "--id-col=id", "--keep-cols=note").scored()).isEqualTo(2);
  }

  @Test
  void aDamagedFileAmongGoodOnesIsOneLine() {
    Throwable parquet = new RuntimeException("z.parquet is not a Parquet file. Expected\n magic");
    Throwable orc = new RuntimeException("while reading file z.orc", new ArithmeticException());
    for (Throwable cause : List.of(parquet, orc)) {
      Exception failure = new IllegalStateException("Job aborted while reading file", cause);
      assertThat(InputFailure.explain(failure, List.of("in")))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageMatching("Cannot read in: .*z\\.(parquet is not .* magic|orc Arithmetic.*)");
    }
    RuntimeException bug = new IllegalStateException("Job aborted", new ArithmeticException());
    assertThat(InputFailure.explain(bug, List.of("in"))).isSameAs(bug);
  }

  @Test
  void namesOfFilesAreNoPatternsOnceTheyAreFound(SparkSession spark) throws Exception {
    Files.createDirectories(folder.resolve("odd"));
    file("odd/s[1].fa", ">a\nACG\n");
    file("odd/s1.fa", ">b\nCCC\n");
    file("odd/{x,y} *?.fa", ">c\nGGG\n");
    assertThat(read(spark, "auto", folder.resolve("odd")))
        .containsExactly("a:ACG", "b:CCC", "c:GGG");
  }

  @Test
  void aTableWhoseFilesHaveOtherColumnsIsRefused(SparkSession spark) throws Exception {
    Files.createDirectories(folder.resolve("order"));
    file("order/a.csv", "id,batch,seq\na,one," + GOOD + "\n");
    file("order/b.csv", "batch,id,seq\ntwo,b," + OTHER + "\n");
    assertThatThrownBy(() -> score(spark, folder.resolve("order"), "--id-col=id"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot read " + folder.resolve("order") + ": ")
        .hasMessageContaining("CSV header does not conform to the schema")
        .hasMessageContaining("b.csv")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @Test
  void fastaNamesGiveThePlaceOnTheGenome(SparkSession spark) throws Exception {
    Path input =
        file(
            "in.fa",
            ">chr1:100-112(-)\n"
                + GOOD
                + "\n>plain\n"
                + OTHER
                + "\n>x::chr2:5-17 more\nGCGTACGTACGT\n");
    score(spark, input);
    Map<String, Row> rows = scoresById(spark);
    assertThat(rows).containsOnlyKeys("chr1:100-112(-)", "plain", "x::chr2:5-17");
    assertThat(place(rows.get("chr1:100-112(-)"))).isEqualTo("chr1 100 112 -");
    assertThat(place(rows.get("x::chr2:5-17"))).isEqualTo("chr2 5 17 null");
    assertThat(place(rows.get("plain"))).isEqualTo("null null null null");
  }

  private static String place(Row row) {
    return String.join(
        " ",
        String.valueOf(row.<String>getAs("chrom")),
        String.valueOf(row.<Long>getAs("start")),
        String.valueOf(row.<Long>getAs("end")),
        String.valueOf(row.<String>getAs("strand")));
  }

  @Test
  void theSameRowsComeFromEveryFormat(SparkHarness harness, SparkSession spark) throws Exception {
    String[] sequences = TestModel.sequences(12, 9);
    score(spark, fasta("in.fa", sequences));
    Dataset<Row> scored = scores(spark);
    Dataset<Row> expected = spark.createDataFrame(scored.collectAsList(), scored.schema());
    Dataset<Row> table = table(spark, sequences);
    table.write().parquet(folder.resolve("in.parquet").toString());
    table.write().option("header", "true").csv(folder.resolve("csv").toString());
    table.write().json(folder.resolve("json").toString());
    table.write().orc(folder.resolve("orc").toString());
    for (String name : List.of("in.parquet", "csv", "json", "orc")) {
      score(spark, folder.resolve(name), "--id-col=name", "--mode=overwrite");
      harness.assertSameRows(
          expected.select("id", "sequence", "contributions"),
          scores(spark).select("id", "sequence", "contributions"));
    }
  }

  private static Dataset<Row> table(SparkSession spark, String[] sequences) {
    StructType schema =
        new StructType()
            .add("name", DataTypes.StringType)
            .add("Seq", DataTypes.StringType)
            .add("weight", DataTypes.DoubleType)
            .add("tissue", DataTypes.StringType);
    List<Row> rows =
        IntStream.range(0, sequences.length)
            .mapToObj(
                i ->
                    RowFactory.create(
                        "s" + i, sequences[i], i / 2.0, i % 2 == 0 ? "blood" : "skin"))
            .toList();
    return spark.createDataFrame(rows, schema);
  }

  @Test
  void columnsAreKeptAndFoldersMade(SparkSession spark) throws Exception {
    String[] sequences = TestModel.sequences(6, 10);
    Path input = folder.resolve("in.parquet");
    table(spark, sequences).write().parquet(input.toString());
    score(
        spark,
        input,
        "--id-col=name",
        "--keep-cols=tissue,weight",
        "--partition-by=tissue,target",
        "--rows-per-file=1");
    assertThat(visibleFiles()).containsExactly("_deeplift", "tissue=blood", "tissue=skin");
    Map<String, Row> rows = scoresById(spark);
    assertThat(rows).hasSize(6);
    assertThat(rows.get("s3").<Double>getAs("weight")).isEqualTo(1.5);
    assertThat(rows.get("s3").<String>getAs("tissue")).isEqualTo("skin");
  }

  @Test
  void rowsWithoutAnIdColumnAreNamedByTheirContent(SparkSession spark) throws Exception {
    Path input = file("in.csv", "sequence,note\n" + GOOD + ",x\n" + OTHER + ",x\n" + GOOD + ",y\n");
    RunReport plain = score(spark, input);
    assertThat(plain.duplicates()).isEqualTo(1);
    List<String> ids =
        scores(spark).selectExpr("id").orderBy("sequence").as(Encoders.STRING()).collectAsList();
    assertThat(ids).hasSize(2).allMatch(id -> id.matches("[0-9a-f]{32}"));
    // With the note kept, the note is part of the content.
    assertThat(score(spark, input, "--keep-cols=note", "--mode=overwrite").scored()).isEqualTo(3);
    Path reordered = file("reordered.csv", "sequence\n" + OTHER + "\n" + GOOD + "\n");
    score(spark, reordered, "--mode=overwrite");
    assertThat(scoresById(spark).keySet()).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void aRowWithoutAnIdIsRejected(SparkSession spark) throws Exception {
    Path input = file("in.csv", "sequence,id\n" + GOOD + ",a\n" + OTHER + ",\n");
    RunReport report = score(spark, input, "--id-col=id", "--max-rejected-fraction=1");
    assertThat(report.rejected()).containsExactly(Map.entry("no id", 1L));
    assertThat(scoresById(spark)).containsOnlyKeys("a");
  }

  @Test
  void aTableWithTabsIsReadByItsName(SparkSession spark) throws Exception {
    score(spark, file("in.tsv", "x\tsequence\n1\t" + GOOD + "\n"));
    assertThat(scores(spark).first().<Double>getAs("prediction"))
        .isCloseTo(model.predict(GOOD, 0), within(1e-5));
  }

  @Test
  void textBeforeTheFirstRecordIsARejectedRow(SparkSession spark) throws Exception {
    // Beyond the part of a file that is checked on the driver.
    Path input = file("in.fa", "\n".repeat(5000) + "stray text\n>a\n" + GOOD + "\n");
    RunReport report = score(spark, input, "--max-rejected-fraction=1");
    assertThat(report.rejected()).containsExactly(Map.entry("text before the first record", 1L));
    assertThat(scoresById(spark)).containsOnlyKeys("a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no-such.fa|Cannot read FOLDER/no-such.fa: no such file or folder",
        "plain.fa|Cannot read plain.fa as FASTA: it starts with 'ACGT', expected '>'",
        "empty.fa|Cannot score FOLDER/empty.fa: there are no rows in it",
        "notes.txt|Cannot read FOLDER/notes.txt: the format of notes.txt is not known by its name. Say which it is by --input-format",
        "nothing|Cannot read FOLDER/nothing: no files in it",
        "bad.parquet|Cannot read FOLDER/bad.parquet",
        "cut.fa.gz|Cannot read FOLDER/cut.fa.gz: Unexpected end of input stream",
        "columns.csv|Missing option --sequence-col: no column of strings is called sequence or seq; columns: a, b"
      })
  void anInputThatCannotBeReadIsOneLine(String name, String message, SparkSession spark)
      throws Exception {
    file("plain.fa", "ACGT\n>a\nACGT\n");
    file("empty.fa", "");
    file("notes.txt", ">a\n" + GOOD + "\n");
    Files.createDirectory(folder.resolve("nothing"));
    file("bad.parquet", "PAR1 is not enough");
    StringBuilder many = new StringBuilder();
    Arrays.stream(TestModel.sequences(5000, 1))
        .forEach(s -> many.append('>').append(s).append('\n').append(s).append('\n'));
    byte[] whole = Files.readAllBytes(gzip("whole.fa.gz", many.toString()));
    Files.write(folder.resolve("cut.fa.gz"), Arrays.copyOf(whole, whole.length * 2 / 3));
    file("columns.csv", "a,b\n1,2\n");
    assertThatThrownBy(() -> score(spark, folder.resolve(name)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(message.replace("FOLDER", folder.toString()))
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    assertThat(output()).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--sequence-col=nope|Invalid --sequence-col nope: no such column; columns: sequence, id, n",
        "--id-col=nope|Invalid --id-col nope: no such column; columns: sequence, id, n",
        "--keep-cols=n,nope|Invalid --keep-cols nope: no such column; columns: sequence, id, n",
        "--keep-cols=id|Invalid --keep-cols id: the output has a column of that name; rename it in the input",
        "--partition-by=shape|Invalid --partition-by shape: expected one of id, sequence, chrom",
        "--partition-by=target,target|Invalid --partition-by target: it is given twice"
      })
  void aWrongColumnIsRefusedWithThoseThereAre(String option, String message, SparkSession spark)
      throws Exception {
    Path input = file("in.csv", "sequence,id,n\n" + GOOD + ",a,1\n");
    assertThatThrownBy(() -> score(spark, input, option))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void optionsOfTablesAreRefusedForFasta(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", GOOD);
    assertThatThrownBy(() -> score(spark, input, "--keep-cols=x"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Invalid options for FASTA input: --sequence-col, --id-col and --keep-cols need a table");
  }
}
