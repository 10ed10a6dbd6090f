package org.deepliftspark.job.partition;

import java.io.Serializable;
import org.deepliftspark.engine.encode.DnaAlphabet;
import org.deepliftspark.engine.graph.Shape;

/**
 * An input of the model, as the job sees it.
 *
 * @param name as the model says
 * @param shape of one row
 * @param dna whether it takes one-hot DNA, {@code [length, 4]}
 * @param references of its rows
 */
public record ModelInput(String name, Shape shape, boolean dna, References references)
    implements Serializable {
  /** Numbers of one row. */
  int size() {
    return shape.size();
  }

  /** Whether it gets no contributions. */
  boolean held() {
    return references instanceof References.Held;
  }

  /** Positions of a sequence. */
  int length() {
    return size() / DnaAlphabet.SIZE;
  }
}
