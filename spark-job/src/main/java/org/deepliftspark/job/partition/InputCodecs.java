package org.deepliftspark.job.partition;

import java.util.ArrayList;
import java.util.List;
import org.deepliftspark.engine.encode.ImagePreprocessing;
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

  /**
   * @throws org.deepliftspark.engine.InvalidInputException if the input takes no images, or not
   *     with this preprocessing
   */
  public void image(Shape shape, ImagePreprocessing preprocessing) {
    preprocessing.check(shape);
    codecs.add(new ImageCodec(shape, preprocessing));
  }

  public RowInputs rows() {
    return RowInputs.of(codecs);
  }
}
