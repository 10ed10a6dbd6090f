package org.deepliftspark.job.partition;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.TaskCompletionListener;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.engine.encode.EncodedSequence;
import org.deepliftspark.engine.encode.OneHotEncoder;
import org.deepliftspark.engine.graph.Shape;

/**
 * Scores the rows of a partition batch by batch. The engine is the JVM's; the session is the task's
 * and is closed when the task ends, however it ends.
 */
public final class AttributionFunction implements MapPartitionsFunction<Row, Row> {
  private final GraphHandle graph;
  private final EngineSpec spec;
  private final OneHotEncoder encoder;
  private final RowCodec codec;
  private final int batchRows;
  private final LongAccumulator scored;

  /**
   * @param batchRows rows per batch; 0 for what the backend prefers
   * @param scored counts rows for the progress line
   */
  public AttributionFunction(
      GraphHandle graph,
      EngineSpec spec,
      OneHotEncoder encoder,
      RowCodec codec,
      int batchRows,
      LongAccumulator scored) {
    this.graph = graph;
    this.spec = spec;
    this.encoder = encoder;
    this.codec = codec;
    this.batchRows = batchRows;
    this.scored = scored;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return rows; // an empty partition needs no engine
    }
    ExecutableCache.Lease lease =
        ExecutableCache.instance().lease(spec.key(), () -> spec.open(graph.graph()));
    DeepLift.Session session;
    try {
      session = lease.engine().newSession();
    } catch (RuntimeException | Error e) {
      lease.close();
      throw e;
    }
    TaskContext.get().addTaskCompletionListener(new Release(session, lease));
    int size = batchRows > 0 ? batchRows : session.preferredRows();
    Shape shape = lease.engine().graph().inputs().get(0).shape();
    return new BatchIterator<>(rows, size, batch -> score(batch, session, shape));
  }

  private List<Row> score(List<Row> batch, DeepLift.Session session, Shape shape) {
    int size = shape.size();
    float[] inputs = new float[Math.multiplyExact(batch.size(), size)];
    String[] ids = new String[batch.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = batch.get(i).getString(PreparedSchema.ID_AT);
      encode(batch.get(i), inputs, i * size);
    }
    float[] references = spec.references().of(inputs, ids, shape);
    List<Row> rows =
        codec.rows(
            batch,
            session.attribute(
                new Batch(
                    ids.length,
                    List.of(inputs),
                    Arrays.asList(references),
                    spec.references().seeds(ids))));
    scored.add(ids.length);
    return rows;
  }

  /** The sequence is as scored already: upper case, of the model's length. */
  private void encode(Row row, float[] into, int at) {
    EncodedSequence encoded = encoder.encode(row.getString(PreparedSchema.SEQUENCE_AT));
    if (!encoded.accepted()) {
      throw new IllegalStateException("Row was prepared but is refused: " + encoded.rejection());
    }
    System.arraycopy(encoded.numbers(), 0, into, at, encoder.length() * DnaAlphabet.SIZE);
  }

  private static final class Release implements TaskCompletionListener {
    private final DeepLift.Session session;
    private final ExecutableCache.Lease lease;

    Release(DeepLift.Session session, ExecutableCache.Lease lease) {
      this.session = session;
      this.lease = lease;
    }

    @Override
    public void onTaskCompletion(TaskContext task) {
      try {
        session.close();
      } finally {
        lease.close();
      }
    }
  }
}
