package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import onnx.Onnx;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;
import org.deepliftspark.job.cli.ScoreOptions;
import org.deepliftspark.job.ml.DeepLiftTransformer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Numbers that cannot be stored never reach the output; rows at the edge are scored. */
@ExtendWith(SparkHarness.class)
class EdgeNumbersTest extends JobTestBase {
  private static final int SIZE = TestModel.LENGTH * 4;
  private static final String ALL = "--max-rejected-fraction=1";

  /** Sums the letters with a weight for A and 1 for C. */
  private static Graph linear(float ofA) {
    GraphBuilder builder = new GraphBuilder("linear");
    Node flat =
        builder.add(
            "flat",
            new Op.Reshape(Shape.of(SIZE)),
            builder.input("dna", Shape.of(TestModel.LENGTH, 4)));
    Op unit = new Op.Dense(Tensor.of(weights(ofA), SIZE, 1), null);
    builder.output("score", builder.add("unit", unit, flat));
    return builder.build();
  }

  private static float[] weights(float ofA) {
    float[] weights = new float[SIZE];
    for (int i = 0; i < SIZE; i += 4) {
      weights[i] = ofA;
      weights[i + 1] = 1;
    }
    return weights;
  }

  @Test
  void rowsOfNOnlyAndEmptyPartitionsAreScored(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", "N".repeat(TestModel.LENGTH), "ACGTACGTACGT");
    RunReport report = score(spark, input, "--references=zeros", "--partitions=5");
    assertThat(report.scored()).isEqualTo(2);
    Row unknown = scoresById(spark).get("s0");
    assertThat(sum(floats(unknown, "contributions"))).isZero();
    for (float number : floats(unknown, "contributions")) {
      assertThat(number).isEqualTo(0f); // or -0
    }
    assertThat(unknown.<Double>getAs("prediction"))
        .isEqualTo(unknown.<Double>getAs("reference_prediction"));
  }

  /** Means of 50000 and -50000 can be stored in 16 bits, their spread of 70711 cannot. */
  @Test
  void noColumnHoldsWhatItsEncodingCannot(SparkSession spark) throws Exception {
    Path input = fasta("in.fa", "ACCCCCCCCCCC", "CCCCCCCCCCCC");
    List<String> args =
        List.of(
            "--model=a",
            "--model=b",
            "--input=" + input,
            "--output=" + output(),
            "--references=zeros",
            "--encoding=f16",
            ALL);
    RunReport report =
        ScoreJob.run(
            spark,
            List.of(new LoadedModel(linear(50_000), "a"), new LoadedModel(linear(-50_000), "b")),
            ScoreOptions.parse(args),
            stream(out),
            stream(err));
    assertThat(report.rejected()).isEqualTo(Map.of("result is not finite", 1L));
    assertThat(scoresById(spark)).containsOnlyKeys("s1");
  }

  @Test
  void aModelWithWeightsThatAreNotFiniteStopsTheJobBeforeAnythingIsWritten(SparkSession spark)
      throws Exception {
    Path input = fasta("in.fa", "ACGTACGTACGT");
    assertThatThrownBy(() -> score(spark, linear(Float.NaN), "nan", input))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith("Invalid weight of node 'unit' (Dense): 12 of 48 numbers");
    assertThat(output()).doesNotExist();
  }

  /** Of two targets the first has contributions that 16 bits do not hold at rows with an A. */
  @Test
  void aStageOfAPipelineNamesTheTargetThatHasNoFiniteNumbers(SparkSession spark) throws Exception {
    Path model = Files.write(folder.resolve("two.onnx"), twoUnits(70_000));
    StructType schema = new StructType().add("dna", DataTypes.StringType);
    List<Row> rows =
        List.of(
            RowFactory.create("CGCCCCCCCCCC"),
            RowFactory.create("ACCCCCCCCCCC"),
            RowFactory.create("CCCCCCCCCCCC"));
    DeepLiftTransformer stage =
        new DeepLiftTransformer()
            .setModel(model.toString())
            .setReferences("zeros")
            .setEncoding("f16")
            .setSequenceCol("dna");
    List<Row> both =
        stage
            .setTarget("y0:0", "y1:0")
            .transform(spark.createDataFrame(rows, schema).coalesce(1))
            .collectAsList();
    for (int i = 0; i < 3; i++) {
      Row scores = both.get(i).getAs("deeplift");
      assertThat(scores.<String>getAs("problem"))
          .isEqualTo(i == 1 ? "result is not finite: target y0:0" : null);
      assertThat(
              scores.<Row>getList(2).stream()
                  .map(target -> target.<String>getAs("target"))
                  .toList())
          .isEqualTo(i == 1 ? List.of("y1:0") : List.of("y0:0", "y1:0"));
    }
    Row one =
        stage
            .setTarget("y0:0")
            .transform(spark.createDataFrame(rows, schema).coalesce(1))
            .collectAsList()
            .get(1)
            .getAs("deeplift");
    assertThat(one.<String>getAs("problem")).isEqualTo("result is not finite");
    assertThat(one.<Object>getAs("contributions")).isNull();
  }

  /** An ONNX file with two outputs: {@code y0} weighs A by a number, {@code y1} by 1. */
  private static byte[] twoUnits(float ofA) {
    Onnx.TensorShapeProto.Builder dims = Onnx.TensorShapeProto.newBuilder();
    dims.addDim(Onnx.TensorShapeProto.Dimension.newBuilder().setDimParam("N"));
    for (int dim : new int[] {TestModel.LENGTH, 4}) {
      dims.addDim(Onnx.TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
    }
    Onnx.TypeProto type =
        Onnx.TypeProto.newBuilder()
            .setTensorType(Onnx.TypeProto.Tensor.newBuilder().setElemType(1).setShape(dims))
            .build();
    Onnx.GraphProto graph =
        Onnx.GraphProto.newBuilder()
            .addInput(Onnx.ValueInfoProto.newBuilder().setName("x").setType(type))
            .addOutput(Onnx.ValueInfoProto.newBuilder().setName("y0"))
            .addOutput(Onnx.ValueInfoProto.newBuilder().setName("y1"))
            .addInitializer(weight("w0", ofA))
            .addInitializer(weight("w1", 1))
            .addAllNode(
                List.of(
                    node("Flatten", "flat", "x"),
                    node("MatMul", "y0", "flat", "w0"),
                    node("MatMul", "y1", "flat", "w1")))
            .build();
    return Onnx.ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setVersion(13))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private static Onnx.TensorProto.Builder weight(String name, float ofA) {
    Onnx.TensorProto.Builder weight =
        Onnx.TensorProto.newBuilder().setName(name).setDataType(1).addDims(SIZE).addDims(1);
    for (float number : weights(ofA)) {
      weight.addFloatData(number);
    }
    return weight;
  }

  private static Onnx.NodeProto node(String type, String output, String... inputs) {
    return Onnx.NodeProto.newBuilder()
        .setName(output)
        .setOpType(type)
        .addAllInput(List.of(inputs))
        .addOutput(output)
        .build();
  }
}
