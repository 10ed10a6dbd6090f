package org.deepliftspark.engine.importer.onnx;

import java.util.Arrays;
import org.deepliftspark.engine.graph.Shape;

/**
 * Where the batch axis of a computed tensor is in the file. The graph holds the tensor of one
 * example, so what moves the batch axis (attention does, as {@code [length, batch, features]} or
 * {@code [length, batch * heads, features]}) moves nothing there; it must only be known which axis
 * of the file is which of the graph, and that no node mixes the examples of a batch.
 *
 * @param position the axis of the file
 * @param merged whether the axis holds another one too; it is an axis of the graph then, and the
 *     file's is the batch size longer
 * @param inner of a merged axis: how many of its cells per example stand behind the batch; {@code
 *     heads} of {@code batch * heads}, 1 of {@code heads * batch}
 */
record BatchAxis(int position, boolean merged, int inner) {
  /** Where every input has it. */
  static final BatchAxis FRONT = apart(0);

  static BatchAxis apart(int position) {
    return new BatchAxis(position, false, 1);
  }

  boolean isFront() {
    return equals(FRONT);
  }

  /** Number of axes that the file counts. */
  int fileRank(Shape shape) {
    return merged ? shape.rank() : shape.rank() + 1;
  }

  /** Per example: what the file's axis adds to the batch size. */
  int length(int fileAxis, Shape shape) {
    return !merged && fileAxis == position ? 1 : shape.dim(graphAxis(fileAxis));
  }

  /** The axis of the graph that a file's axis is, which is not the batch axis alone. */
  int graphAxis(int fileAxis) {
    return merged || fileAxis < position ? fileAxis : fileAxis - 1;
  }

  /** How many elements of an example stand behind the batch in the file's order of elements. */
  long elementsBehind(Shape shape) {
    long behind = inner;
    for (int axis = merged ? position + 1 : position; axis < shape.rank(); axis++) {
      behind *= shape.dim(axis);
    }
    return behind;
  }

  /** After axes of the graph are dropped, of which none is merged with the batch. */
  BatchAxis without(int... graphAxes) {
    int before = (int) Arrays.stream(graphAxes).filter(axis -> axis < position).count();
    return at(position - before);
  }

  BatchAxis at(int newPosition) {
    return new BatchAxis(newPosition, merged, inner);
  }

  /** For messages, such as "is merged with another". */
  String describe() {
    return merged ? "is merged with another" : "is axis " + position + ", not the first one";
  }
}
