package org.deepliftspark.engine.importer.onnx;

import java.util.ArrayList;
import java.util.List;
import onnx.Onnx.TensorShapeProto.Dimension;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.graph.Shape;

/**
 * The declared inputs of a file.
 *
 * @param fixedBatch the batch size that the file was exported with, or 0 if it leaves it open
 */
record OnnxInputs(List<Input> inputs, long fixedBatch) {

  /**
   * One input.
   *
   * @param shape of one example, axes in the file's order
   */
  record Input(String name, Shape shape) {}

  static OnnxInputs of(OnnxModel model) {
    if (model.inputs().isEmpty()) {
      throw new ModelFormatException("Cannot read " + model.file() + ": its graph has no input");
    }
    List<Input> inputs = new ArrayList<>();
    long batch = 0;
    for (ValueInfoProto info : model.inputs()) {
      TypeProto.Tensor type = tensorType(model, info);
      long declared = type.getShape().getDim(0).getDimValue();
      if (batch > 0 && declared > 0 && declared != batch) {
        throw new UnsupportedModelException(
            "Cannot import "
                + model.file()
                + ": its inputs have batch sizes "
                + batch
                + " and "
                + declared
                + ". Export it with an open batch axis");
      }
      batch = Math.max(batch, declared);
      inputs.add(new Input(info.getName(), shape(model, info.getName(), type)));
    }
    return new OnnxInputs(inputs, batch);
  }

  private static TypeProto.Tensor tensorType(OnnxModel model, ValueInfoProto info) {
    String where = "Cannot import " + model.file() + ": input '" + info.getName() + "' ";
    if (!info.getType().hasTensorType() || !info.getType().getTensorType().hasShape()) {
      throw new UnsupportedModelException(where + "declares no tensor shape");
    }
    TypeProto.Tensor type = info.getType().getTensorType();
    ElementType element = ElementType.of(type.getElemType());
    if (element == null || !element.isFloat() && element != ElementType.UINT8) {
      throw new UnsupportedModelException(
          where
              + "has element type "
              + (element == null ? "number " + type.getElemType() : element)
              + "; supported are float, float16, bfloat16, double and uint8");
    }
    if (type.getShape().getDimCount() < 2) {
      throw new UnsupportedModelException(
          where + "has " + type.getShape().getDimCount() + " axes; expected a batch axis and more");
    }
    return type;
  }

  private static Shape shape(OnnxModel model, String name, TypeProto.Tensor type) {
    int[] dims = new int[type.getShape().getDimCount() - 1];
    for (int axis = 0; axis < dims.length; axis++) {
      Dimension dim = type.getShape().getDim(axis + 1);
      if (dim.getDimValue() <= 0) {
        throw new UnsupportedModelException(
            "Cannot import "
                + model.file()
                + ": axis "
                + (axis + 1)
                + " of input '"
                + name
                + "' has no fixed length"
                + (dim.getDimParam().isEmpty() ? "" : " but '" + dim.getDimParam() + "'")
                + ". Export the model with a fixed shape; only the batch axis may stay open");
      }
      dims[axis] = (int) Math.min(Integer.MAX_VALUE, dim.getDimValue());
    }
    try {
      return Shape.of(dims);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(
          "Invalid input '" + name + "' in " + model.file() + ": " + e.getMessage(), e);
    }
  }
}
