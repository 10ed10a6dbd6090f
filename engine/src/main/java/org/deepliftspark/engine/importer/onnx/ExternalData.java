package org.deepliftspark.engine.importer.onnx;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.ModelFormatException;

/**
 * Weights that lie in files beside the model. Only files inside the model's folder are read,
 * symbolic links followed, and only as many bytes as the file has. Format: onnx.proto,
 * TensorProto.external_data.
 */
final class ExternalData {
  /**
   * Tied weights may share bytes; more tensors than this over one byte are an attack on the memory.
   */
  private static final int MOST_USES_OF_A_BYTE = 4;

  private final String model;
  private final Path folder;
  private final Map<Path, Long> bytesRead = new HashMap<>();

  ExternalData(String model, Path folder) {
    this.model = model;
    this.folder = folder;
  }

  /** The file that a tensor lies in. */
  Path file(TensorProto tensor) {
    String location = entries(tensor).getOrDefault("location", "");
    try {
      return resolve(tensor, location);
    } catch (IOException e) {
      throw unreadable(tensor, location, e);
    }
  }

  private static Map<String, String> entries(TensorProto tensor) {
    Map<String, String> entries = new HashMap<>();
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      entries.put(entry.getKey(), entry.getValue());
    }
    return entries;
  }

  /** The bytes of a tensor, which must be {@code expected} many. */
  ByteBuffer read(TensorProto tensor, long expected) {
    Map<String, String> entries = entries(tensor);
    String location = entries.getOrDefault("location", "");
    if (folder == null) {
      throw new InvalidInputException(
          "Cannot read "
              + model
              + ": tensor '"
              + tensor.getName()
              + "' lies in '"
              + location
              + "', and external data is read only beside a model in a local folder. Save the model in one file");
    }
    try {
      return read(tensor, resolve(tensor, location), entries, expected);
    } catch (IOException e) {
      throw unreadable(tensor, location, e);
    }
  }

  private ModelFormatException unreadable(TensorProto tensor, String location, IOException e) {
    return new ModelFormatException(
        "Cannot read "
            + model
            + ": external data '"
            + location
            + "' of tensor '"
            + tensor.getName()
            + "' cannot be read: "
            + e.getMessage(),
        e);
  }

  private Path resolve(TensorProto tensor, String location) throws IOException {
    Path root = folder.toRealPath();
    Path path;
    try {
      path = root.resolve(location).normalize();
    } catch (InvalidPathException e) {
      throw invalid(tensor, "'" + location + "' is not a path");
    }
    if (location.isEmpty() || !path.startsWith(root)) {
      throw invalid(tensor, "'" + location + "' leaves the model's folder");
    }
    if (!Files.isRegularFile(path)) {
      throw invalid(tensor, "'" + location + "' is not there");
    }
    if (!path.toRealPath().startsWith(root)) {
      throw invalid(tensor, "'" + location + "' leaves the model's folder");
    }
    return path.toRealPath();
  }

  private ByteBuffer read(TensorProto tensor, Path path, Map<String, String> entries, long expected)
      throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      long offset = number(tensor, entries, "offset", 0);
      long length = number(tensor, entries, "length", Math.max(0, size - offset));
      if (offset > size || length > size - offset) {
        throw invalid(
            tensor,
            length
                + " bytes from byte "
                + offset
                + " on do not lie in a file of "
                + size
                + " bytes");
      }
      if (length != expected || length > Integer.MAX_VALUE - 8) {
        throw invalid(
            tensor,
            "shape " + tensor.getDimsList() + " needs " + expected + " bytes, found " + length);
      }
      if (bytesRead.merge(path, length, Long::sum) > MOST_USES_OF_A_BYTE * size) {
        throw invalid(
            tensor, "tensors claim more bytes of '" + path.getFileName() + "' than it has");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) length);
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, offset + bytes.position()) < 0) {
          throw new EOFException("it ended early");
        }
      }
      return bytes.flip();
    }
  }

  private long number(TensorProto tensor, Map<String, String> entries, String key, long fallback) {
    String text = entries.get(key);
    if (text == null) {
      return fallback;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the same message as a negative number.
    }
    throw invalid(tensor, key + " '" + text + "' is not a size");
  }

  private ModelFormatException invalid(TensorProto tensor, String what) {
    return new ModelFormatException(
        "Invalid external data of tensor '" + tensor.getName() + "' in " + model + ": " + what);
  }
}
