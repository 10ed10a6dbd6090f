package org.deepliftspark.engine.importer.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntToLongFunction;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataLocation;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.UnsupportedModelException;

/**
 * Turns TensorProto into arrays. A shape is compared with the bytes that are there before anything
 * of its size is allocated. Format: onnx.proto, message TensorProto.
 */
final class OnnxTensors {
  private final String file;
  private final ExternalData external;

  OnnxTensors(String file, ExternalData external) {
    this.file = file;
    this.external = external;
  }

  OnnxArray read(TensorProto tensor) {
    ElementType type = ElementType.of(tensor.getDataType());
    if (type == null) {
      throw new UnsupportedModelException(
          "Cannot import "
              + file
              + ": tensor '"
              + tensor.getName()
              + "' has element type "
              + typeName(tensor)
              + "; supported are float, float16, bfloat16, double, bool and integers of 8 to 64 bits");
    }
    if (tensor.hasSegment()) {
      throw new UnsupportedModelException(
          "Cannot import " + file + ": tensor '" + tensor.getName() + "' is stored in segments");
    }
    int[] dims = dims(tensor);
    int size = size(tensor, dims);
    if (tensor.getDataLocation() == DataLocation.EXTERNAL) {
      return decode(type, external.read(tensor, (long) size * type.bytes()), dims, size);
    }
    if (!tensor.getRawData().isEmpty()) {
      requireLength(tensor, type, (long) size * type.bytes(), tensor.getRawData().size(), "bytes");
      return decode(type, tensor.getRawData().asReadOnlyByteBuffer(), dims, size);
    }
    requireLength(tensor, type, size, typedCount(type, tensor), "numbers");
    return typed(type, tensor, dims, size);
  }

  private static String typeName(TensorProto tensor) {
    TensorProto.DataType known = TensorProto.DataType.forNumber(tensor.getDataType());
    return known == null ? "number " + tensor.getDataType() : known.name();
  }

  private int[] dims(TensorProto tensor) {
    int[] dims = new int[tensor.getDimsCount()];
    for (int axis = 0; axis < dims.length; axis++) {
      long dim = tensor.getDims(axis);
      if (dim < 0 || dim > Integer.MAX_VALUE) {
        throw invalid(tensor, "has dimension " + dim);
      }
      dims[axis] = (int) dim;
    }
    return dims;
  }

  private int size(TensorProto tensor, int[] dims) {
    long size = 1;
    for (int dim : dims) {
      size *= dim;
      if (size > Integer.MAX_VALUE) {
        throw invalid(tensor, "has more than 2^31 - 1 elements: shape " + tensor.getDimsList());
      }
    }
    return (int) size;
  }

  private void requireLength(
      TensorProto tensor, ElementType type, long expected, long found, String unit) {
    if (expected != found) {
      throw invalid(
          tensor,
          "shape "
              + tensor.getDimsList()
              + " of "
              + type
              + " needs "
              + expected
              + " "
              + unit
              + ", found "
              + found);
    }
  }

  private ModelFormatException invalid(TensorProto tensor, String what) {
    return new ModelFormatException(
        "Invalid tensor '" + tensor.getName() + "' in " + file + ": " + what);
  }

  private static OnnxArray decode(ElementType type, ByteBuffer bytes, int[] dims, int size) {
    ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (type.isFloat()) {
      float[] floats = new float[size];
      for (int i = 0; i < size; i++) {
        floats[i] = type.floatAt(data, i);
      }
      return OnnxArray.ofFloats(floats, dims);
    }
    return integers(type, dims, size, i -> type.integerAt(data, i));
  }

  private static OnnxArray integers(ElementType type, int[] dims, int size, IntToLongFunction at) {
    long[] values = new long[size];
    for (int i = 0; i < size; i++) {
      values[i] = at.applyAsLong(i);
    }
    return type == ElementType.BOOL
        ? OnnxArray.ofBooleans(values, dims)
        : OnnxArray.ofIntegers(values, dims);
  }

  private static int typedCount(ElementType type, TensorProto tensor) {
    return switch (type) {
      case FLOAT -> tensor.getFloatDataCount();
      case DOUBLE -> tensor.getDoubleDataCount();
      case INT64 -> tensor.getInt64DataCount();
      case UINT32, UINT64 -> tensor.getUint64DataCount();
      default -> tensor.getInt32DataCount();
    };
  }

  private static OnnxArray typed(ElementType type, TensorProto tensor, int[] dims, int size) {
    if (type.isFloat()) {
      float[] floats = new float[size];
      for (int i = 0; i < size; i++) {
        floats[i] =
            switch (type) {
              case FLOAT -> tensor.getFloatData(i);
              case DOUBLE -> (float) tensor.getDoubleData(i);
              case FLOAT16 -> ElementType.halfToFloat((short) tensor.getInt32Data(i));
              default -> ElementType.brainToFloat((short) tensor.getInt32Data(i));
            };
      }
      return OnnxArray.ofFloats(floats, dims);
    }
    return switch (type) {
      case INT64 -> integers(type, dims, size, tensor::getInt64Data);
      case UINT32, UINT64 -> integers(type, dims, size, tensor::getUint64Data);
      default -> integers(type, dims, size, tensor::getInt32Data);
    };
  }
}
