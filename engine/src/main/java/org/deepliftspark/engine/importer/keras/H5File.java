package org.deepliftspark.engine.importer.keras;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.object.datatype.FloatingPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.graph.Tensor;

/**
 * An HDF5 file in memory, read defensively: whatever goes wrong inside the HDF5 library is a {@link
 * ModelFormatException}, and sizes that the file declares are charged to a budget before anything
 * is allocated.
 */
final class H5File implements AutoCloseable {
  private final String file;
  private final MemoryBudget budget;
  private final HdfFile hdf;

  private H5File(String file, MemoryBudget budget, HdfFile hdf) {
    this.file = file;
    this.budget = budget;
    this.hdf = hdf;
  }

  static H5File open(String file, byte[] bytes, MemoryBudget budget) {
    HdfFile hdf = guarded(file, () -> HdfFile.fromBytes(bytes));
    long declared =
        guarded(file, () -> hdf.getHdfBackingStorage().getSuperblock().getEndOfFileAddress());
    if (declared > bytes.length) {
      throw new ModelFormatException(
          "Cannot read model %s: truncated, %d of %d bytes are there"
              .formatted(file, bytes.length, declared));
    }
    return new H5File(file, budget, hdf);
  }

  String file() {
    return file;
  }

  Group root() {
    return hdf;
  }

  /** A group below another, or null if there is none of that name. */
  Group group(Group parent, String path) {
    return node(parent, path) instanceof Group group ? group : null;
  }

  /** The names of a group's children. */
  List<String> children(Group group) {
    return guarded(file, () -> List.copyOf(group.getChildren().keySet()));
  }

  /** An attribute's text, or null if there is none. */
  String text(Node node, String name) {
    Object data = attribute(node, name);
    if (data instanceof String[] texts && texts.length == 1) {
      return texts[0];
    }
    return data instanceof String text ? text : null;
  }

  /**
   * A list of texts, which Keras splits over {@code name0}, {@code name1}, ... where it is long;
   * null if there is no such attribute.
   */
  List<String> texts(Node node, String name) {
    Object whole = attribute(node, name);
    if (whole != null) {
      return list(whole);
    }
    List<String> joined = null;
    Object part = attribute(node, name + 0);
    for (int k = 1; part != null; k++) {
      joined = joined == null ? new ArrayList<>() : joined;
      joined.addAll(list(part));
      part = attribute(node, name + k);
    }
    return joined;
  }

  /** A dataset's shape; nothing else of it is read. */
  Shape shape(Group group, String path, String what) {
    int[] dims = guarded(file, dataset(group, path, what)::getDimensions);
    try {
      return Shape.of(dims);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(
          "Cannot read model %s: %s has %s".formatted(file, what, lower(e.getMessage())), e);
    }
  }

  /** Reads a dataset of numbers; integers and other types are refused, as no weight has them. */
  Tensor tensor(Group group, String path, String what) {
    Dataset dataset = dataset(group, path, what);
    Shape shape = shape(group, path, what);
    budget.charge(4L * shape.size(), what);
    budget.charge(guarded(file, dataset::getSizeInBytes), what);
    if (dataset instanceof ChunkedDataset chunked) {
      guarded(
          file,
          () -> {
            ChunkCheck.check(file, what, chunked, budget);
            return null;
          });
    }
    return Tensor.of(numbers(dataset, shape, what), shape);
  }

  private Dataset dataset(Group group, String path, String what) {
    if (node(group, path) instanceof Dataset dataset) {
      return dataset;
    }
    throw new ModelFormatException(
        "Cannot read model %s: %s is missing (no dataset '%s' in '%s')"
            .formatted(file, what, path, group.getPath()));
  }

  private float[] numbers(Dataset dataset, Shape shape, String what) {
    if (!(guarded(file, dataset::getDataType) instanceof FloatingPoint)) {
      throw wrongType(dataset, what);
    }
    Object data =
        guarded(file, () -> dataset.isScalar() ? dataset.getData() : dataset.getDataFlat());
    if (data instanceof float[] floats && floats.length == shape.size()) {
      return floats;
    } else if (data instanceof double[] doubles && doubles.length == shape.size()) {
      float[] floats = new float[doubles.length];
      for (int i = 0; i < doubles.length; i++) {
        floats[i] = (float) doubles[i];
      }
      return floats;
    } else if (data instanceof Number number && shape.size() == 1) {
      return new float[] {number.floatValue()};
    }
    throw wrongType(dataset, what);
  }

  private ModelFormatException wrongType(Dataset dataset, String what) {
    return new ModelFormatException(
        "Cannot read model %s: %s holds %s numbers, expected floating point"
            .formatted(file, what, guarded(file, dataset::getJavaType).getSimpleName()));
  }

  private Node node(Group parent, String path) {
    return guarded(
        file,
        () -> {
          Node node = parent;
          for (String step : path.split("/")) {
            if (!step.isEmpty()) {
              node = node instanceof Group group ? group.getChild(step) : null;
            }
          }
          return node;
        });
  }

  private Object attribute(Node node, String name) {
    return guarded(
        file,
        () -> {
          Attribute attribute = node.getAttributes().get(name);
          if (attribute == null) {
            return null;
          }
          budget.charge(attribute.getSizeInBytes(), "attribute '" + name + "'");
          Object data = attribute.getData();
          return data == null ? new String[0] : data; // an empty list
        });
  }

  private static List<String> list(Object data) {
    if (data instanceof String[] texts) {
      return Arrays.asList(texts);
    }
    return data instanceof String text ? List.of(text) : List.of(); // [] is stored as numbers
  }

  /**
   * The HDF5 library meets damaged files with runtime exceptions of many kinds, and follows what
   * sizes and links they hold.
   */
  private static <T> T guarded(String file, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (ModelFormatException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new ModelFormatException(
          "Cannot read model %s: damaged or truncated HDF5 file (%s)"
              .formatted(file, reason.lines().findFirst().orElse("")),
          e);
    }
  }

  private static String lower(String message) {
    return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  @Override
  public void close() {
    guarded(
        file,
        () -> {
          hdf.close();
          return null;
        });
  }
}
