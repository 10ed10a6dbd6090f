package org.deepliftspark.yarn;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Score files read back for comparison bit by bit. */
final class ScoreRows {
  private ScoreRows() {}

  /**
   * The columns of each row by its id: name and value, floats by their bits.
   *
   * @throws AssertionError if an id is there twice
   */
  static Map<String, List<String>> byId(SparkSession spark, String folder) {
    Map<String, List<String>> rows = new TreeMap<>();
    for (Row row : spark.read().parquet(folder).collectAsList()) {
      String id = row.getAs("id");
      List<String> columns =
          IntStream.range(0, row.size())
              .mapToObj(i -> row.schema().fieldNames()[i] + " " + bits(value(row, i)))
              .toList();
      if (rows.put(id, columns) != null) {
        throw new AssertionError(id + " is there twice in " + folder);
      }
    }
    return rows;
  }

  private static Object value(Row row, int column) {
    return row.get(column) instanceof scala.collection.Seq ? row.getList(column) : row.get(column);
  }

  private static String bits(Object value) {
    if (value instanceof Float number) {
      return Integer.toHexString(Float.floatToRawIntBits(number));
    }
    if (value instanceof Double number) {
      return Long.toHexString(Double.doubleToRawLongBits(number));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(ScoreRows::bits).toList().toString();
    }
    return String.valueOf(value);
  }
}
