package org.deepliftspark.job.partition;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/** Makes scored batches of prepared rows: numbers, references, every model. One thread. */
final class BatchScorer {
  private final List<ModelScorer> models;
  private final RowInputs rowInputs;
  private final RowCodec codec;
  private final List<ModelInput> inputs;
  private final boolean bothStrands;

  BatchScorer(List<ModelScorer> models, RowCodec codec) {
    this.models = models;
    this.rowInputs = codec.rowInputs();
    this.codec = codec;
    this.inputs = models.get(0).spec().inputs();
    this.bothStrands = models.get(0).spec().bothStrands();
  }

  /**
   * Rows as numbers.
   *
   * @param stored references that rows keep; null if they do not
   */
  record Encoded(
      List<Row> rows,
      String[] ids,
      List<float[]> numbers,
      List<float[]> references,
      List<float[]> stored) {}

  /**
   * Pairs of a row and a reference that are computed for a row, over models, strands and alleles.
   */
  long pairsPerRow() {
    int references = inputs.stream().mapToInt(i -> i.references().count()).max().orElse(1);
    int passes = (bothStrands ? 2 : 1) * (codec.variants() ? 2 : 1);
    return (long) models.size() * passes * references;
  }

  Encoded encode(List<Row> rows) {
    String[] ids = new String[rows.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = rows.get(i).getString(PreparedSchema.ID_AT);
    }
    List<float[]> numbers = new ArrayList<>();
    List<float[]> references = new ArrayList<>();
    List<float[]> stored = codec.references() ? new ArrayList<>() : null;
    for (int i = 0; i < inputs.size(); i++) {
      ModelInput input = inputs.get(i);
      float[] one = rowInputs.encode(rows, i, codec.kept(), input.size());
      numbers.add(one);
      references.add(references(input, one, rows, ids));
      if (stored != null) {
        stored.add(all(input, one, ids, references.get(i)));
      }
    }
    return new Encoded(rows, ids, numbers, references, stored);
  }

  ScoredBatch score(Encoded batch) {
    List<RowScores> perModel = new ArrayList<>();
    List<RowScores> alternates = new ArrayList<>();
    List<float[]> others = codec.variants() ? alternates(batch.rows()) : null;
    for (ModelScorer model : models) {
      perModel.add(model.score(batch.ids(), batch.numbers(), batch.references()));
      if (others != null) {
        alternates.add(model.score(batch.ids(), others, batch.references()));
      }
    }
    return ScoredBatch.of(batch.rows(), perModel, alternates, batch.stored());
  }

  /**
   * The windows with the alternate allele. They are compared with the references of the other
   * window, so that what differs is the allele alone.
   */
  private List<float[]> alternates(List<Row> rows) {
    List<float[]> numbers = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      numbers.add(rowInputs.encode(rows, inputs.size() + i, codec.kept(), inputs.get(i).size()));
    }
    return numbers;
  }

  private float[] references(ModelInput input, float[] numbers, List<Row> rows, String[] ids) {
    if (input.references() instanceof References.Stored stored) {
      return StoredReferences.of(
          rows, stored.column(), stored.count(), input.shape(), stored.letters());
    }
    return input.references() instanceof References.Generated generated
        ? generated.of(numbers, ids, input.shape(), bothStrands && input.dna())
        : null;
  }

  /** The references of all rows, also where the program holds them. */
  private static float[] all(ModelInput input, float[] numbers, String[] ids, float[] references) {
    if (references != null || input.held()) {
      return references;
    }
    return ((References.Generated) input.references()).of(numbers, ids, input.shape());
  }
}
