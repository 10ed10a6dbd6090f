package org.deepliftspark.job.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.graph.Node;
import org.deepliftspark.job.PerInput;

/** Finds the columns of a table that feed a model. */
final class InputColumns {
  static final String OPTION = "--sequence-col";

  /** Names, in lower case, by which the sequence column is found. */
  private static final Set<String> SEQUENCE_NAMES = Set.of("sequence", "seq");

  /** Fields of Spark's image source. */
  private static final Set<String> IMAGE_FIELDS =
      Set.of("origin", "height", "width", "nChannels", "mode", "data");

  private InputColumns() {}

  /** A column of the table and what it feeds. */
  record Found(StructField field, InputColumn column) {}

  /**
   * The columns in the order of the model's inputs.
   *
   * @param asked as {@code [INPUT=]COLUMN}; a model with one input needs no name
   * @throws InvalidInputException if an input has no column, or a column of the wrong type
   */
  static List<Found> of(StructType schema, List<String> asked, List<Node> inputs) {
    List<String> names = PerInput.of(OPTION, asked, inputs, input -> "");
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      StructField field =
          names.get(i).isEmpty()
              ? find(schema, inputs, i)
              : TableSource.field(schema, OPTION, names.get(i));
      InputColumn.Kind kind = kind(field, inputs.get(i));
      found.add(new Found(field, new InputColumn(inputs.get(i).name(), kind, field.dataType())));
    }
    return found;
  }

  private static StructField find(StructType schema, List<Node> inputs, int index) {
    Node input = inputs.get(index);
    boolean sequence = inputs.size() == 1 && SequenceSource.isDna(input);
    List<StructField> found =
        Arrays.stream(schema.fields())
            .filter(
                field ->
                    sequence
                        ? field.dataType() instanceof StringType
                            && SEQUENCE_NAMES.contains(field.name().toLowerCase(Locale.ROOT))
                        : field.name().equals(input.name()))
            .toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    String none =
        sequence
            ? "no column of strings is called sequence or seq"
            : "no column is called " + input.name() + ", as the model's input is";
    throw new InvalidInputException(
        "Missing option "
            + OPTION
            + ": "
            + (found.isEmpty() ? none : "several columns fit")
            + "; columns: "
            + String.join(", ", schema.fieldNames()));
  }

  private static InputColumn.Kind kind(StructField field, Node input) {
    DataType type = field.dataType();
    boolean dna = SequenceSource.isDna(input);
    if (type instanceof StringType && dna) {
      return InputColumn.Kind.SEQUENCE;
    }
    if (isNumbers(type)) {
      return InputColumn.Kind.TENSOR;
    }
    boolean image = type instanceof BinaryType || isImage(type);
    if (image && input.shape().rank() == 3) {
      return InputColumn.Kind.IMAGE;
    }
    String expected =
        dna ? "string or array of numbers" : "array of numbers, or binary with an image file";
    throw new InvalidInputException(
        "Invalid "
            + OPTION
            + " "
            + field.name()
            + ": input '"
            + input.name()
            + "' of shape "
            + input.shape()
            + " takes a column of type "
            + expected
            + ", found "
            + type.simpleString());
  }

  private static boolean isNumbers(DataType type) {
    return type instanceof ArrayType array
        && (array.elementType() instanceof NumericType || isNumbers(array.elementType()));
  }

  private static boolean isImage(DataType type) {
    return type instanceof StructType struct
        && Set.of(struct.fieldNames()).containsAll(IMAGE_FIELDS);
  }
}
