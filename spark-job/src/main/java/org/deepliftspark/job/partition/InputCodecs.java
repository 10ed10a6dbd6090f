package org.deepliftspark.job.partition;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.encode.OneHotEncoder;
import org.deepliftspark.engine.graph.Shape;

/** Collects how the columns of a source become the inputs of a model, in their order. */
public final class InputCodecs {
  private final List<InputCodec> codecs = new ArrayList<>();

  public void sequence(OneHotEncoder fitting, OneHotEncoder scoring) {
    codecs.add(new SequenceCodec(fitting, scoring));
  }

  public void tensor(Shape shape) {
    codecs.add(new TensorCodec(shape));
  }

  public RowInputs rows() {
    return RowInputs.of(codecs);
  }
}
