package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.engine.npy.Npy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Models that take something else than one sequence, or more. */
@ExtendWith(SparkHarness.class)
class TensorInputTest extends JobTestBase {
  private static final String ALL = "--max-rejected-fraction=1";

  /** score = sum over positions of weight x input, over all inputs. */
  private static Graph linear(String[] names, Shape... shapes) {
    GraphBuilder builder = new GraphBuilder("linear");
    Node sum = null;
    for (int i = 0; i < shapes.length; i++) {
      Node input = builder.input(names[i], shapes[i]);
      int size = shapes[i].size();
      Node flat = builder.add("flat" + i, new Op.Reshape(Shape.of(size)), input);
      Op dense = new Op.Dense(Tensor.of(weights(size), size, 1), null);
      Node part = builder.add("part" + i, dense, flat);
      sum =
          sum == null ? part : builder.add("sum" + i, new Op.Binary(Op.Arithmetic.ADD), sum, part);
    }
    builder.output("score", sum);
    return builder.build();
  }

  private static float[] weights(int size) {
    float[] weights = new float[size];
    for (int i = 0; i < size; i++) {
      weights[i] = i % 5 - 2;
    }
    return weights;
  }

  private static float[] draw(int size, long seed) {
    float[] numbers = new float[size];
    Random random = new Random(seed);
    for (int i = 0; i < size; i++) {
      numbers[i] = random.nextInt(9);
    }
    return numbers;
  }

  private static double dot(float[] numbers) {
    double sum = 0;
    for (int i = 0; i < numbers.length; i++) {
      sum += numbers[i] * weights(numbers.length)[i];
    }
    return sum;
  }

  @Test
  void severalInputsComeFromColumnsAndEachGetsItsScores(SparkSession spark) throws Exception {
    Graph graph =
        linear(
            new String[] {"dna", "signal", "depth"}, Shape.of(3, 4), Shape.of(2, 3), Shape.of(1));
    StructType schema =
        new StructType()
            .add("name", DataTypes.StringType)
            .add("bases", DataTypes.StringType)
            .add(
                "signal",
                DataTypes.createArrayType(DataTypes.createArrayType(DataTypes.DoubleType)))
            .add("d", DataTypes.createArrayType(DataTypes.IntegerType));
    List<List<Double>> signal = List.of(List.of(1.0, 2.0, 3.0), List.of(4.0, 5.0, 6.0));
    List<Row> rows =
        List.of(
            RowFactory.create("good", "ACG", signal, List.of(7)),
            RowFactory.create("flat", "ACG", List.of(List.of(1.0), List.of(2.0)), List.of(7)),
            RowFactory.create("null", "ACG", signal, null),
            RowFactory.create(
                "nan",
                "ACG",
                List.of(List.of(1.0, Double.NaN, 3.0), List.of(4.0, 5.0, 6.0)),
                List.of(7)));
    Path input = folder.resolve("in.parquet");
    spark.createDataFrame(rows, schema).write().parquet(input.toString());
    RunReport report =
        score(
            spark,
            graph,
            "three",
            input,
            "--id-col=name",
            "--sequence-col",
            "dna=bases",
            "depth=d",
            "--references",
            "dna=zeros",
            "depth=hold",
            "--layout=full",
            "--keep-references",
            ALL);
    assertThat(report.rejected())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("shape", 1L, "no numbers", 1L, "input is not finite", 1L));
    Row row = scoresById(spark).get("good");
    assertThat(row.<String>getAs("sequence")).isEqualTo("ACG");
    assertThat(floats(row, "contributions_signal")).containsExactly(-2, -2, 0, 4, 10, -12);
    assertThat(ints(row, "shape_signal")).containsExactly(2, 3);
    assertThat(floats(row, "contributions_dna")).hasSize(12);
    assertThat(row.schema().fieldNames())
        .contains("references_dna", "references_signal")
        .doesNotContain("contributions_depth", "contributions", "references_depth");
    assertThat(row.<Double>getAs("prediction") - row.<Double>getAs("reference_prediction"))
        .isCloseTo(
            sum(floats(row, "contributions_signal")) + sum(floats(row, "contributions_dna")),
            within(1e-4));
    assertThatThrownBy(() -> score(spark, graph, "three", input, "--sequence-col", "bases"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Invalid --sequence-col bases: the model has inputs dna, signal, depth, expected"
                + " NAME=VALUE with one of these names");
    assertThatThrownBy(
            () -> score(spark, graph, "three", input, "--sequence-col", "dna=signal", "depth=name"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(
            "Invalid --sequence-col name: input 'depth' of shape [1] takes a column of type array");
  }

  @Test
  void rejectedRowsWithoutIdsAreNoCopiesOfOneAnother(SparkSession spark) throws Exception {
    Graph graph = linear(new String[] {"x"}, Shape.of(3));
    Path input = folder.resolve("x.parquet");
    String good = "array(cast(id AS DOUBLE), 1D, 2D)";
    spark
        .sql(
            "SELECT CASE WHEN id < 3 THEN array(cast(id AS DOUBLE))"
                + " WHEN id < 6 THEN array(cast(id AS DOUBLE), double('NaN'), 2D) ELSE "
                + good
                + " END AS x FROM range(9) UNION ALL SELECT "
                + good
                + " FROM range(8, 9)")
        .write()
        .parquet(input.toString());
    RunReport report = score(spark, graph, "three-numbers", input, ALL);
    assertThat(report.rejected())
        .containsExactlyInAnyOrderEntriesOf(Map.of("shape", 3L, "input is not finite", 3L));
    assertThat(report.duplicates()).isEqualTo(1);
    assertThat(report.scored()).isEqualTo(3);
  }

  @Test
  void arraysOfNumpyAreRows(SparkSession spark) throws Exception {
    Graph graph = linear(new String[] {"x"}, Shape.of(2, 3));
    float[] numbers = draw(5 * 6, 1);
    Path npy = folder.resolve("x.npy");
    Npy.write(npy, numbers, 5, 2, 3);
    Path npz = folder.resolve("x.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(npz))) {
      zip.putNextEntry(new ZipEntry("anything.npy"));
      zip.write(Files.readAllBytes(npy));
    }
    for (Path input : List.of(npy, npz)) {
      score(spark, graph, "x", input, "--mode=overwrite", "--encoding=f16");
      List<Row> rows = scores(spark).collectAsList();
      assertThat(rows).hasSize(5);
      for (int i = 0; i < 5; i++) {
        double expected = dot(java.util.Arrays.copyOfRange(numbers, i * 6, i * 6 + 6));
        assertThat(rows)
            .anyMatch(row -> Math.abs(row.<Double>getAs("prediction") - expected) < 1e-4);
      }
      assertThat(rows.get(0).<byte[]>getAs("contributions")).hasSize(12);
    }
    Path other = folder.resolve("other.npy");
    Npy.write(other, numbers, 5, 6);
    assertThatThrownBy(() -> score(spark, graph, "x", other))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot score other.npy: expected an array of shape [rows, 2, 3], found [5, 6]");
  }

  @Test
  void anNpzFileHasAnArrayForEveryInput(SparkSession spark) throws Exception {
    Graph graph = linear(new String[] {"x", "depth"}, Shape.of(2, 3), Shape.of(1));
    float[] x = draw(4 * 6, 1);
    float[] depth = draw(4, 2);
    Path inputs = Files.createDirectory(folder.resolve("npz"));
    npz(inputs.resolve("a.npz"), Map.of("x", x, "depth", depth, "unused", depth));
    npz(inputs.resolve("b.npz"), Map.of("depth", draw(4, 3), "x", draw(4 * 6, 4)));
    score(spark, graph, "two", inputs);
    List<Row> rows = scores(spark).collectAsList();
    assertThat(rows).hasSize(8);
    for (int i = 0; i < 4; i++) {
      double expected = dot(Arrays.copyOfRange(x, i * 6, i * 6 + 6)) + dot(new float[] {depth[i]});
      assertThat(rows).anyMatch(row -> Math.abs(row.<Double>getAs("prediction") - expected) < 1e-4);
    }
    assertThat(rows.get(0).schema().fieldNames())
        .contains("contributions_x", "contributions_depth");
    Path lacking = folder.resolve("lacking.npz");
    npz(lacking, Map.of("x", x));
    assertThatThrownBy(() -> score(spark, graph, "two", lacking, "--mode=overwrite"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot score lacking.npz: no array is called depth, as the model's input is; arrays: x");
    Path several = folder.resolve("several.npz");
    npz(several, Map.of("a", depth, "b", depth));
    Graph one = linear(new String[] {"depth"}, Shape.of(1));
    assertThatThrownBy(() -> score(spark, one, "one", several, "--mode=overwrite"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Cannot score several.npz: no array is called depth");
    Path uneven = folder.resolve("uneven.npz");
    npz(uneven, Map.of("x", x, "depth", draw(3, 1)));
    assertThatThrownBy(() -> score(spark, graph, "two", uneven, "--mode=overwrite"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Cannot score uneven.npz: x has 4 rows and depth has 3");
  }

  /** Writes arrays of rows of 2 x 3 numbers, called x, and of 1 number. */
  private void npz(Path file, Map<String, float[]> arrays) throws Exception {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, float[]> array : arrays.entrySet()) {
        Path npy = folder.resolve("one.npy");
        float[] numbers = array.getValue();
        if (array.getKey().equals("x")) {
          Npy.write(npy, numbers, numbers.length / 6, 2, 3);
        } else {
          Npy.write(npy, numbers, numbers.length, 1);
        }
        zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
        zip.write(Files.readAllBytes(npy));
      }
    }
  }

  @Test
  void imagesComeFromBytesInATableAndFromSparksOwnSources(SparkSession spark) throws Exception {
    Graph graph = linear(new String[] {"image"}, Shape.of(2, 2, 3));
    Path images = Files.createDirectories(folder.resolve("images"));
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
    float[] pixels = new float[12];
    for (int i = 0; i < 12; i++) {
      pixels[i] = 7 * i + 3;
      image.setRGB(
          i / 3 % 2, i / 6, image.getRGB(i / 3 % 2, i / 6) | (7 * i + 3) << 16 - 8 * (i % 3));
    }
    ImageIO.write(image, "png", images.resolve("a.png").toFile());
    Dataset<Row> files = spark.read().format("binaryFile").load(images.toString());
    Path table = folder.resolve("table.parquet");
    files
        .selectExpr("'a' AS name", "content AS photo", "length AS size")
        .write()
        .parquet(table.toString());
    score(spark, graph, "i", table, "--id-col=name", "--sequence-col=photo", "--keep-cols=size");
    Row row = scoresById(spark).get("a");
    assertThat(row.<Double>getAs("prediction")).isCloseTo(dot(pixels), within(1e-3));
    assertThat(row.<Long>getAs("size")).isEqualTo(Files.size(images.resolve("a.png")));
    float[] contributions = floats(row, "contributions");
    for (String format : List.of("binaryFile", "image")) {
      score(spark, graph, "i", images, "--input-format=" + format, "--mode=overwrite");
      Row other = scores(spark).first();
      assertThat(floats(other, "contributions")).as(format).isEqualTo(contributions);
    }
    // a table of what Spark's image source gives
    Path structs = folder.resolve("structs.parquet");
    spark.read().format("image").load(images.toString()).write().parquet(structs.toString());
    score(spark, graph, "i", structs, "--mode=overwrite");
    assertThat(floats(scores(spark).first(), "contributions")).isEqualTo(contributions);
  }

  @Test
  void imageFilesAreRowsAndBadOnesAreRejected(SparkSession spark) throws Exception {
    Graph graph = linear(new String[] {"image"}, Shape.of(2, 2, 3));
    Path images = Files.createDirectories(folder.resolve("images/sub"));
    BufferedImage image = new BufferedImage(4, 2, BufferedImage.TYPE_INT_RGB);
    float[] seen = new float[12];
    for (int i = 0; i < 8; i++) {
      image.setRGB(i % 4, i / 4, (10 * i) << 16 | (20 + i) << 8 | 200 + i);
    }
    for (int i = 0; i < 4; i++) {
      int at = i / 2 * 4 + 1 + i % 2;
      seen[i * 3] = (200 + at) / 2f - 1;
      seen[i * 3 + 1] = (20 + at) / 2f - 1;
      seen[i * 3 + 2] = (10 * at) / 2f - 1;
    }
    ImageIO.write(image, "png", images.resolve("a.png").toFile());
    ImageIO.write(image, "tiff", images.resolve("b.tiff").toFile());
    Files.writeString(images.resolve("c.jpg"), "no image at all");
    ImageIO.write(
        new BufferedImage(3, 3, BufferedImage.TYPE_INT_RGB),
        "png",
        images.resolve("../d.png").toFile());
    Path config =
        file(
            "job.yaml",
            "preprocessing:\n  channels: bgr\n  crop: 2x2\n  scale: 0.5\n  mean: [1, 1, 1]\n");
    RunReport report =
        score(spark, graph, "image", folder.resolve("images"), "--config=" + config, ALL);
    assertThat(report.rejected()).containsExactly(Map.entry("image", 1L));
    assertThat(rejected(spark).first().<String>getAs("detail"))
        .isEqualTo("image: not an image that is known (PNG, JPEG, TIFF, GIF, BMP)");
    Map<String, Row> rows = scoresById(spark);
    assertThat(rows).hasSize(3);
    for (String name : List.of("sub/a.png", "sub/b.tiff")) {
      Row row =
          rows.entrySet().stream()
              .filter(e -> e.getKey().endsWith(name))
              .findFirst()
              .orElseThrow()
              .getValue();
      assertThat(row.<Double>getAs("prediction")).isCloseTo(dot(seen), within(1e-3));
      assertThat(ints(row, "shape")).containsExactly(2, 2, 3);
      assertThat(row.<String>getAs("sequence")).isNull();
    }
  }
}
