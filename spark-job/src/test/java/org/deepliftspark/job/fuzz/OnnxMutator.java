package org.deepliftspark.job.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import onnx.Onnx.ModelProto;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.Descriptors.FieldDescriptor;
import org.nd4j.shade.protobuf.InvalidProtocolBufferException;
import org.nd4j.shade.protobuf.Message;

/**
 * Changes an ONNX model field by field, following the schema: the result is always a protobuf
 * message, so that what reads its meaning is reached, not only what reads its bytes.
 */
final class OnnxMutator implements Mutator {
  private static final int MOST_CHANGES = 4;
  private static final List<String> WORDS =
      List.of(
          "Reshape",
          "Expand",
          "Tile",
          "Pad",
          "ConvTranspose",
          "Conv",
          "MatMul",
          "Gemm",
          "Resize",
          "Slice",
          "Gather",
          "Concat",
          "Split",
          "Transpose",
          "ConstantOfShape",
          "Range",
          "Einsum",
          "ReduceSum",
          "Squeeze",
          "Unsqueeze",
          "Flatten",
          "MaxPool",
          "AveragePool",
          "Softmax",
          "Loop",
          "If",
          "Scan",
          "NonZero",
          "OneHot",
          "Shape",
          "Cast",
          "Where",
          "Pow",
          "Identity",
          "com.microsoft",
          "ai.onnx.ml",
          "axis",
          "axes",
          "pads",
          "strides",
          "dilations",
          "group",
          "kernel_shape",
          "output_shape",
          "auto_pad",
          "SAME_UPPER",
          "equation",
          "perm",
          "to");

  @Override
  public byte[] mutate(byte[] file, SplittableRandom random) {
    try {
      ModelProto.Builder model = ModelProto.parseFrom(file).toBuilder();
      List<String> names = new ArrayList<>(WORDS);
      collect(model.build(), names);
      int changes = 1 + random.nextInt(1 + random.nextInt(MOST_CHANGES));
      for (int i = 0; i < changes; i++) {
        descend(model, file.length, names, random);
      }
      return model.build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("The seed is no ONNX model", e);
    }
  }

  /** Texts of the model, which nodes may come to read in place of others. */
  private static void collect(Message message, List<String> names) {
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              List<?> values = field.isRepeated() ? (List<?>) value : List.of(value);
              for (Object one : values) {
                if (one instanceof String text) {
                  names.add(text);
                } else if (one instanceof Message inner) {
                  collect(inner, names);
                }
              }
            });
  }

  private static void descend(
      Message.Builder message, int size, List<String> names, SplittableRandom random) {
    List<FieldDescriptor> inner = new ArrayList<>();
    for (FieldDescriptor field : message.getAllFields().keySet()) {
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        inner.add(field);
      }
    }
    if (inner.isEmpty() || random.nextInt(6) == 0) {
      change(message, size, names, random);
      return;
    }
    FieldDescriptor field = Mutator.pick(inner, random);
    if (!field.isRepeated()) {
      descend(message.getFieldBuilder(field), size, names, random);
      return;
    }
    int count = message.getRepeatedFieldCount(field);
    if (random.nextInt(12) == 0) {
      changeList(message, field, count, random);
    } else {
      descend(message.getRepeatedFieldBuilder(field, random.nextInt(count)), size, names, random);
    }
  }

  private static void changeList(
      Message.Builder message, FieldDescriptor field, int count, SplittableRandom random) {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      list.add(message.getRepeatedField(field, i));
    }
    int at = random.nextInt(count);
    switch (random.nextInt(3)) {
      case 0 -> list.remove(at);
      case 1 -> list.add(random.nextInt(count), list.get(at));
      default -> list.set(random.nextInt(count), list.get(at));
    }
    message.setField(field, list);
  }

  private static void change(
      Message.Builder message, int size, List<String> names, SplittableRandom random) {
    List<FieldDescriptor> fields = new ArrayList<>(message.getAllFields().keySet());
    if (fields.isEmpty() || random.nextInt(8) == 0) {
      fields = message.getDescriptorForType().getFields();
    }
    FieldDescriptor field = Mutator.pick(fields, random);
    if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE || random.nextInt(10) == 0) {
      message.clearField(field);
      return;
    }
    Object before =
        field.isRepeated() && message.getRepeatedFieldCount(field) == 0
            ? null
            : field.isRepeated() ? message.getRepeatedField(field, 0) : message.getField(field);
    Object value = value(field, before, size, names, random);
    if (!field.isRepeated()) {
      message.setField(field, value);
    } else if (message.getRepeatedFieldCount(field) == 0 || random.nextInt(4) == 0) {
      message.addRepeatedField(field, value);
    } else {
      int at = random.nextInt(message.getRepeatedFieldCount(field));
      message.setRepeatedField(field, at, value);
    }
  }

  private static Object value(
      FieldDescriptor field, Object before, int size, List<String> names, SplittableRandom random) {
    return switch (field.getJavaType()) {
      case INT -> (int) number(size, random);
      case LONG -> number(size, random);
      case FLOAT -> Float.intBitsToFloat(random.nextInt());
      case DOUBLE -> Double.longBitsToDouble(random.nextLong());
      case BOOLEAN -> random.nextBoolean();
      case STRING ->
          random.nextInt(5) == 0
              ? Hostile.text(random).replace('\uD800', '?') // protobuf writes no half of a pair
              : Mutator.pick(names, random);
      case BYTE_STRING -> bytes((ByteString) before, random);
      case ENUM -> Mutator.pick(field.getEnumType().getValues(), random);
      case MESSAGE -> throw new IllegalArgumentException("no plain value");
    };
  }

  private static long number(int size, SplittableRandom random) {
    return random.nextInt(3) == 0 ? random.nextInt(-3, 20) : Hostile.number(size, random);
  }

  private static ByteString bytes(ByteString before, SplittableRandom random) {
    if (before == null || before.isEmpty() || random.nextInt(3) == 0) {
      return ByteString.copyFromUtf8(Mutator.pick(WORDS, random));
    }
    int length = random.nextInt(before.size());
    return random.nextBoolean() ? before.substring(0, length) : before.concat(before);
  }
}
