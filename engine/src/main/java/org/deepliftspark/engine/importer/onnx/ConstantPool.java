package org.deepliftspark.engine.importer.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.TensorProto;
import org.deepliftspark.engine.ModelFormatException;

/**
 * Everything that is known without looking at an input: initializers, decoded when first asked for,
 * and what folds from them.
 */
final class ConstantPool {
  private final OnnxModel model;
  private final OnnxTensors tensors;
  private final ElementBudget budget = new ElementBudget();
  private final ConstantFolder folder;
  private final Map<String, OnnxArray> arrays = new HashMap<>();

  ConstantPool(OnnxModel model) {
    this.model = model;
    this.tensors =
        new OnnxTensors(model.file(), new ExternalData(model.file(), model.source().folder()));
    this.folder = new ConstantFolder(model.opset(), tensors, budget);
    for (OnnxNode node : model.nodes()) {
      if (isFoldable(node)) {
        foldEarly(node);
      }
    }
  }

  private void foldEarly(OnnxNode node) {
    try {
      fold(node);
    } catch (UnsupportedNode e) {
      // Left as it is: the mapper meets it again and reports it together with all others.
    }
  }

  /** The array of a tensor name, or null if it is not known. */
  OnnxArray find(String tensor) {
    OnnxArray array = arrays.get(tensor);
    TensorProto initializer = array == null ? model.initializers().get(tensor) : null;
    if (initializer != null) {
      array = tensors.read(initializer);
      arrays.put(tensor, array);
      budget.grow(array.size());
    }
    return array;
  }

  boolean contains(String tensor) {
    return arrays.containsKey(tensor) || model.initializers().containsKey(tensor);
  }

  void put(String tensor, OnnxArray array) {
    arrays.put(tensor, array);
  }

  /** Whether constants of this operator can be computed. */
  boolean canFold(OnnxNode node) {
    return folder.supports(node);
  }

  /** Whether a node reads nothing but constants and can be computed now. */
  boolean isFoldable(OnnxNode node) {
    return folder.supports(node)
        && node.inputs().stream().allMatch(input -> input.isEmpty() || contains(input));
  }

  /** Computes a node that {@link #isFoldable}. */
  void fold(OnnxNode node) {
    List<OnnxArray> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      inputs.add(input.isEmpty() ? null : find(input));
    }
    try {
      List<OnnxArray> results = folder.fold(node, inputs);
      for (int i = 0; i < node.outputs().size() && i < results.size(); i++) {
        arrays.put(node.outputs().get(i), results.get(i));
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new ModelFormatException(
          "Invalid node " + node.label() + " in " + model.file() + ": " + e.getMessage(), e);
    }
  }
}
