package org.deepliftspark.job;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.Target;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.engine.encode.LengthPolicy;
import org.deepliftspark.engine.encode.OneHotEncoder;
import org.deepliftspark.engine.encode.UnknownBase;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Cost;
import org.deepliftspark.job.io.HadoopFiles;
import org.deepliftspark.job.io.ReferenceTable;
import org.deepliftspark.job.io.SequenceSource;
import org.deepliftspark.job.partition.CheckReferencesFunction;
import org.deepliftspark.job.partition.EngineSpec;
import org.deepliftspark.job.partition.GpuUse;
import org.deepliftspark.job.partition.InputCodecs;
import org.deepliftspark.job.partition.ModelInput;
import org.deepliftspark.job.partition.PreparedSchema;
import org.deepliftspark.job.partition.References;
import org.deepliftspark.job.partition.RowInputs;

/**
 * What a job will do, settled on the driver from the models and the options before anything is
 * started.
 *
 * @param members the models whose scores are averaged; one or more, with equal inputs
 * @param targets names of the targets
 * @param cost of a row, over all models and strands
 * @param options of the job
 * @param unknown the numbers that stand for an unknown base, per input; null where it is not DNA
 * @param tables of references, per input; null where they come from elsewhere
 */
record JobPlan(
    List<Member> members,
    List<String> targets,
    RowCost cost,
    JobOptions options,
    List<float[]> unknown,
    List<ReferenceTable> tables) {

  /**
   * A model of the job.
   *
   * @param spec how executors open the engine
   */
  record Member(Graph graph, EngineSpec spec) {}

  /** What a row costs, over all models and strands; see {@link Cost}. */
  record RowCost(double flopsPerRow, double bytesPerRow, double sharedFlops) {}

  /**
   * Checks models and options against each other.
   *
   * @param tables opens a table of references, on Spark
   * @throws InvalidInputException if they do not fit
   */
  static JobPlan of(
      List<LoadedModel> models,
      JobOptions options,
      HadoopFiles hadoop,
      Function<String, ReferenceTable> tables) {
    Graph first = models.get(0).graph();
    models.forEach(model -> AlikeModels.require(first, model.graph()));
    List<float[]> unknown = new ArrayList<>();
    List<ReferenceTable> found = new ArrayList<>();
    List<ModelInput> inputs = JobInputs.of(first, options, hadoop, tables, unknown, found);
    if (options.model().bothStrands() && inputs.stream().noneMatch(ModelInput::dna)) {
      throw new InvalidInputException(
          "Invalid --reverse-complement: no input of " + first.name() + " takes DNA, [length, 4]");
    }
    List<Member> members = new ArrayList<>();
    for (LoadedModel model : models) {
      members.add(new Member(model.graph(), spec(model, inputs, options, models.size())));
    }
    members.forEach(JobPlan::requireRoom);
    List<String> targets = targets(members);
    return new JobPlan(members, targets, cost(members), options, unknown, found);
  }

  private static EngineSpec spec(
      LoadedModel model, List<ModelInput> inputs, JobOptions options, int models) {
    return new EngineSpec(
        model.hash(),
        options.model().method(),
        options.model().profile(),
        DeepLift.targetsAt(model.graph(), options.model().layer(), options.model().targets()),
        options.model().hypothetical(),
        options.engine().backend(),
        options.engine().precision(),
        options.engine().memoryBytes() / models,
        new GpuUse(options.engine().gpu(), false, null),
        inputs,
        options.model().bothStrands(),
        options.references().seed());
  }

  /** The least that a backend computes at once is one row with one reference. */
  private static void requireRoom(Member member) {
    Cost cost = DeepLift.cost(member.graph(), member.spec().options());
    int references =
        member.spec().inputs().stream().mapToInt(i -> i.references().count()).max().orElse(1);
    double least = cost.bytesPerRow() / references;
    if (member.spec().memoryBytes() > 0 && member.spec().memoryBytes() < least) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "Invalid --memory-per-task: %.3g MB for a model, but the values of one row with one"
                  + " reference take about %.3g MB in %s; give at least that for each model, or auto",
              member.spec().memoryBytes() / 1e6,
              least / 1e6,
              member.graph().name()));
    }
  }

  private static List<String> targets(List<Member> members) {
    List<String> targets = null;
    for (Member member : members) {
      List<String> names =
          DeepLift.targets(member.graph(), member.spec().targets()).stream()
              .map(Target::name)
              .toList();
      if (targets != null && names.size() != targets.size()) {
        throw new InvalidInputException(
            "Invalid --model: "
                + members.get(0).graph().name()
                + " has "
                + targets.size()
                + " targets and "
                + member.graph().name()
                + " has "
                + names.size());
      }
      targets = targets == null ? names : targets;
    }
    if (targets.stream().distinct().count() < targets.size()) {
      throw new InvalidInputException(
          "Invalid --target: the same target is given twice in " + targets);
    }
    return targets;
  }

  private static RowCost cost(List<Member> members) {
    double flops = 0;
    double bytes = 0;
    double shared = 0;
    for (Member member : members) {
      Cost cost = DeepLift.cost(member.graph(), member.spec().options());
      int strands = member.spec().bothStrands() ? 2 : 1;
      flops += strands * cost.flopsPerRow();
      bytes += strands * cost.bytesPerRow();
      shared += cost.sharedFlops();
    }
    return new RowCost(flops, bytes, shared);
  }

  /** The same on the backend of another specification. */
  JobPlan on(EngineSpec chosen) {
    List<Member> others = new ArrayList<>();
    for (Member member : members) {
      EngineSpec spec = member.spec().with(chosen.backend(), chosen.gpu());
      others.add(new Member(member.graph(), spec));
    }
    return new JobPlan(others, targets, cost, options, unknown, tables);
  }

  /** Which nodes of the first model the targets stand for, by target. */
  Map<String, String> explained() {
    Map<String, String> nodes = new LinkedHashMap<>();
    for (Target target : DeepLift.targets(graph(), spec().targets())) {
      nodes.put(target.name(), target.nodes(graph()));
    }
    return nodes;
  }

  /** The model; the first of several. */
  Graph graph() {
    return members.get(0).graph();
  }

  /** How executors open the engine of the first model. */
  EngineSpec spec() {
    return members.get(0).spec();
  }

  /** The hash of the model's file; of several, the hash of their hashes. */
  String modelHash() {
    List<String> hashes = hashes();
    return hashes.size() == 1
        ? hashes.get(0)
        : Hashes.sha256(String.join(" ", hashes).getBytes(StandardCharsets.UTF_8));
  }

  List<Graph> graphs() {
    return members.stream().map(Member::graph).toList();
  }

  List<EngineSpec> specs() {
    return members.stream().map(Member::spec).toList();
  }

  List<String> names() {
    return graphs().stream().map(Graph::name).toList();
  }

  List<String> hashes() {
    return specs().stream().map(EngineSpec::modelHash).toList();
  }

  /** How rows hold what a source gives for the model's inputs. */
  RowInputs rowInputs(SequenceSource source) {
    InputCodecs codecs = new InputCodecs();
    for (int i = 0; i < source.inputs().size(); i++) {
      int input = i % spec().inputs().size(); // alternates feed the same input once more
      Shape shape = graph().inputs().get(input).shape();
      switch (source.inputs().get(i).kind()) {
        case SEQUENCE -> codecs.sequence(fitting(input), scoring(input));
        case TENSOR -> codecs.tensor(shape);
        case IMAGE -> codecs.image(shape, options.input().preprocessing());
      }
    }
    return codecs.rows();
  }

  /** Fits sequences as given to an input. */
  private OneHotEncoder fitting(int input) {
    return OneHotEncoder.of(
        spec().inputs().get(input).shape().size() / DnaAlphabet.SIZE,
        options.input().lengthPolicy(),
        options.input().unknownBase(),
        unknown.get(input));
  }

  /** Encodes sequences that were fitted already, padding included. */
  private OneHotEncoder scoring(int input) {
    UnknownBase policy = options.input().unknownBase();
    return OneHotEncoder.of(
        spec().inputs().get(input).shape().size() / DnaAlphabet.SIZE,
        LengthPolicy.REJECT,
        policy == UnknownBase.REJECT ? UnknownBase.ZERO : policy,
        unknown.get(input));
  }

  /** Prepared rows with the references that they have in tables; without any, they are rejected. */
  Dataset<Row> withReferences(Dataset<Row> prepared, int kept) {
    Dataset<Row> rows = prepared;
    for (int i = 0; i < tables.size(); i++) {
      if (spec().inputs().get(i).references() instanceof References.Stored stored) {
        Dataset<Row> table = tables.get(i).as("deeplift_reference_id", stored.column());
        Dataset<Row> joined =
            rows.join(
                    table,
                    rows.col(PreparedSchema.ID).equalTo(table.col("deeplift_reference_id")),
                    "left_outer")
                .drop("deeplift_reference_id");
        Shape shape = spec().inputs().get(i).shape();
        rows =
            joined.map(
                new CheckReferencesFunction(stored, shape, kept), Encoders.row(joined.schema()));
      }
    }
    return rows;
  }

  /** What a row costs, for people. */
  String describe() {
    StringBuilder text = new StringBuilder();
    for (Member member : members) {
      text.append(
          String.format(
              "model %s (SHA-256 %s)%n", member.graph().name(), member.spec().modelHash()));
    }
    for (ModelInput input : spec().inputs()) {
      text.append(
          input.dna()
              ? String.format(
                  "input %s: sequences of %d bases%n",
                  input.name(), input.shape().size() / DnaAlphabet.SIZE)
              : String.format("input %s: %s numbers%n", input.name(), input.shape()));
    }
    return text.append(
            String.format(
                Locale.ROOT,
                "targets: %s%n"
                    + "per row: %.3g FLOP, %.3g MB of intermediate values; once per job: %.3g FLOP%n",
                String.join(", ", targets),
                cost.flopsPerRow(),
                cost.bytesPerRow() / 1e6,
                cost.sharedFlops()))
        .toString();
  }
}
