package org.deepliftspark.job;

import java.util.List;
import org.deepliftspark.engine.Attribution;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.DeepLiftOptions;
import org.deepliftspark.engine.ReferenceMode;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.encode.LengthPolicy;
import org.deepliftspark.engine.encode.OneHotEncoder;
import org.deepliftspark.engine.encode.UnknownBase;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.reference.ReferenceGenerator;
import org.deepliftspark.engine.reference.ReferenceSpec;
import org.deepliftspark.engine.reference.RowSeed;

/** What the engine alone gives for one sequence: the judge of what the job writes. */
final class DirectScores implements AutoCloseable {
  private static final int REFERENCES = 20;

  private final DeepLift engine;
  private final DeepLift.Session session;
  private final Shape shape;

  DirectScores(Graph graph, String target) {
    this(graph, target, Backends.AUTO);
  }

  DirectScores(Graph graph, String target, String backend) {
    DeepLiftOptions options =
        DeepLiftOptions.builder()
            .backend(backend)
            .targets(List.of(target))
            .references(List.of(ReferenceMode.given(REFERENCES)))
            .build();
    engine = DeepLift.open(graph, options);
    session = engine.newSession();
    shape = graph.inputs().get(0).shape();
  }

  /** Scores per position, with the job's default references and seed. */
  float[] contributions(String id, String sequence) {
    OneHotEncoder encoder =
        OneHotEncoder.of(shape.dim(0), LengthPolicy.REJECT, UnknownBase.ZERO, null);
    float[] row = encoder.encode(sequence).numbers();
    float[] references = new float[REFERENCES * shape.size()];
    ReferenceGenerator.of(ReferenceSpec.parse("dinuc-shuffle:" + REFERENCES), null)
        .generate(row, shape, RowSeed.of(1, id), references, 0);
    Attribution attribution = session.attribute(new Batch(1, List.of(row), List.of(references)));
    float[] sums = new float[shape.dim(0)];
    for (int position = 0; position < sums.length; position++) {
      double sum = 0;
      for (int channel = 0; channel < 4; channel++) {
        sum += attribution.contributions(0).get(position * 4 + channel);
      }
      sums[position] = (float) sum;
    }
    return sums;
  }

  @Override
  public void close() {
    session.close();
    engine.close();
  }
}
