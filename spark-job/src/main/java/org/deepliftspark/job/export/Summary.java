package org.deepliftspark.job.export;

/** Count, range and moments of the numbers of a stretch. Mutable; one thread. */
final class Summary {
  long start;
  long end;
  long count;
  float least;
  float largest;
  double sum;
  double squares;

  /** Starts anew. */
  void clear() {
    count = 0;
    sum = 0;
    squares = 0;
  }

  void add(long position, float value) {
    open(position, position + 1, value, value);
    count++;
    sum += value;
    squares += (double) value * value;
  }

  /** Adds a stretch to the right of what is there. */
  void add(Summary other) {
    open(other.start, other.end, other.least, other.largest);
    count += other.count;
    sum += other.sum;
    squares += other.squares;
  }

  private void open(long from, long to, float low, float high) {
    start = count == 0 ? from : start;
    end = to;
    least = count == 0 ? low : Math.min(least, low);
    largest = count == 0 ? high : Math.max(largest, high);
  }
}
