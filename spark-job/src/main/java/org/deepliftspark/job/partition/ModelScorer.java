package org.deepliftspark.job.partition;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.backend.Batch;

/** Scores batches by one model, on one or both strands. One thread. */
record ModelScorer(DeepLift.Session session, EngineSpec spec, ScoreReader reader) {

  /**
   * @param ids of the rows
   * @param inputs per input of the model, {@code [rows, shape...]}; kept as they are
   * @param references per input, {@code [rows, references, shape...]}; null where the program holds
   *     them
   */
  RowScores score(String[] ids, List<float[]> inputs, List<float[]> references) {
    long[] seeds = spec.seeds(ids);
    Batch batch = new Batch(ids.length, inputs, references, seeds);
    RowScores forward = reader.read(session.attribute(batch), false);
    if (!spec.bothStrands()) {
      return forward;
    }
    Batch other = new Batch(ids.length, otherStrand(inputs), otherStrand(references), seeds);
    return RowScores.mean(List.of(forward, reader.read(session.attribute(other), true)));
  }

  private List<float[]> otherStrand(List<float[]> arrays) {
    List<float[]> turned = new ArrayList<>();
    for (int i = 0; i < arrays.size(); i++) {
      float[] array = arrays.get(i);
      if (array != null && spec.inputs().get(i).dna()) {
        array = array.clone();
        Strands.reverse(array, spec.inputs().get(i).size());
      }
      turned.add(array);
    }
    return turned;
  }
}
