package org.deepliftspark.engine.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.backend.Batch;

/** Where a workspace stands in its loops, and the memory that kernels work on. */
final class Frame {
  private final Memory shared;
  private final Memory own;
  private final List<float[]> arrays = new ArrayList<>();
  private final List<float[]> tiles = new ArrayList<>();

  private Batch batch;
  private Map<String, float[]> results;
  private int row;
  private int firstLane;
  private int lane;
  private int sample;
  private int target;

  Frame(Memory shared, Memory own) {
    this.shared = shared;
    this.own = own;
  }

  void begin(Batch batch, Map<String, float[]> results) {
    this.batch = batch;
    this.results = results;
  }

  Batch batch() {
    return batch;
  }

  float[] result(String name) {
    return results.get(name);
  }

  Memory memory(boolean ofAll) {
    return ofAll ? shared : own;
  }

  Memory own() {
    return own;
  }

  /** An array of at least {@code size} numbers; kernels number those that they use at once. */
  float[] array(int number, int size) {
    while (arrays.size() <= number) {
      arrays.add(new float[0]);
    }
    if (arrays.get(number).length < size) {
      arrays.set(number, new float[size]);
    }
    return arrays.get(number);
  }

  /** An array of at least {@code size} numbers, for a tile. */
  float[] tile(int number, int size) {
    while (tiles.size() <= number) {
      tiles.add(new float[Math.max(size, Tiles.SIZE)]);
    }
    if (tiles.get(number).length < size) {
      tiles.set(number, new float[size]);
    }
    return tiles.get(number);
  }

  /** Row of the batch, where a row is computed with several references. */
  int row() {
    return row;
  }

  void row(int number) {
    this.row = number;
  }

  int lane() {
    return lane;
  }

  /** Counted from the first row of the batch, or from the first reference. */
  int absoluteLane() {
    return firstLane + lane;
  }

  void lane(int first, int number) {
    this.firstLane = first;
    this.lane = number;
  }

  int sample() {
    return sample;
  }

  void sample(int number) {
    this.sample = number;
  }

  int target() {
    return target;
  }

  void target(int number) {
    this.target = number;
  }
}
