package org.deepliftspark.job.scaling;

import java.util.List;

/**
 * What is measured at once.
 *
 * @param length bases of a sequence
 * @param channels of each layer
 * @param references per row
 * @param threads with a session each
 * @param batch rows per call; 0 for as many as suit the backend
 */
record Point(int length, int channels, int references, int threads, int batch) {

  /** As arguments of a process. */
  List<String> arguments() {
    return List.of(
        Integer.toString(length),
        Integer.toString(channels),
        Integer.toString(references),
        Integer.toString(threads),
        Integer.toString(batch));
  }

  static Point parse(List<String> arguments) {
    int[] numbers = arguments.stream().mapToInt(Integer::parseInt).toArray();
    if (numbers.length != 5) {
      throw new IllegalArgumentException("expected 5 numbers, found " + arguments);
    }
    return new Point(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
  }
}
