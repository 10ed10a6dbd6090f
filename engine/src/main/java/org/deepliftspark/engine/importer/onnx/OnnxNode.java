package org.deepliftspark.engine.importer.onnx;

import java.util.List;
import java.util.Map;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.AttributeProto.AttributeType;
import onnx.Onnx.TensorProto;
import org.deepliftspark.engine.graph.ActivationFunction;

/**
 * One node of the file.
 *
 * @param name the file's name if it has one that is unique, otherwise the name of the first output
 * @param opType such as {@code Conv}
 * @param domain empty for the standard operators
 * @param inputs tensor names; empty where an optional input is left out
 * @param outputs tensor names; empty where an optional output is left out
 * @param attributes by name
 * @param function what a node that stands for several computes, where no operator does; or null
 */
record OnnxNode(
    String name,
    String opType,
    String domain,
    List<String> inputs,
    List<String> outputs,
    Map<String, AttributeProto> attributes,
    ActivationFunction function) {

  OnnxNode(
      String name,
      String opType,
      String domain,
      List<String> inputs,
      List<String> outputs,
      Map<String, AttributeProto> attributes) {
    this(name, opType, domain, inputs, outputs, attributes, null);
  }

  /** A node that stands for several of the file, which together are a function of one variable. */
  static OnnxNode fused(OnnxNode last, String opType, ActivationFunction function, String input) {
    return new OnnxNode(last.name, opType, "", List.of(input), last.outputs, Map.of(), function);
  }

  /** A node that stands for several of the file; it takes over name and output of {@code last}. */
  static OnnxNode fused(
      OnnxNode last, String opType, Map<String, AttributeProto> attributes, String... inputs) {
    return new OnnxNode(last.name, opType, "", List.of(inputs), last.outputs, attributes);
  }

  boolean has(int input) {
    return input < inputs.size() && !inputs.get(input).isEmpty();
  }

  boolean has(String attribute) {
    return attributes.containsKey(attribute);
  }

  long integer(String key, long fallback) {
    AttributeProto attribute = attribute(key, AttributeType.INT);
    return attribute == null ? fallback : attribute.getI();
  }

  boolean flag(String key, boolean fallback) {
    return integer(key, fallback ? 1 : 0) != 0;
  }

  float number(String key, float fallback) {
    AttributeProto attribute = attribute(key, AttributeType.FLOAT);
    return attribute == null ? fallback : attribute.getF();
  }

  String text(String key, String fallback) {
    AttributeProto attribute = attribute(key, AttributeType.STRING);
    return attribute == null ? fallback : attribute.getS().toStringUtf8();
  }

  /** The integers of an attribute, or null if the node has none of that name. */
  long[] integers(String key) {
    AttributeProto attribute = attribute(key, AttributeType.INTS);
    return attribute == null
        ? null
        : attribute.getIntsList().stream().mapToLong(Long::longValue).toArray();
  }

  /** The numbers of an attribute, or null if the node has none of that name. */
  float[] numbers(String key) {
    AttributeProto attribute = attribute(key, AttributeType.FLOATS);
    if (attribute == null) {
      return null;
    }
    float[] numbers = new float[attribute.getFloatsCount()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = attribute.getFloats(i);
    }
    return numbers;
  }

  TensorProto tensor(String key) {
    AttributeProto attribute = attribute(key, AttributeType.TENSOR);
    return attribute == null ? null : attribute.getT();
  }

  AttributeProto attribute(String key, AttributeType type) {
    AttributeProto attribute = attributes.get(key);
    // Files before IR version 2 leave the type out.
    if (attribute == null
        || attribute.getType() == type
        || attribute.getType() == AttributeType.UNDEFINED) {
      return attribute;
    }
    throw new IllegalArgumentException(
        "attribute '" + key + "' must have type " + type + ", found " + attribute.getType());
  }

  /** How messages name the node. */
  String label() {
    return "'" + name + "' (" + typeLabel() + ")";
  }

  String typeLabel() {
    return domain.isEmpty() ? opType : domain + "." + opType;
  }
}
