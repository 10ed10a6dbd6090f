package org.deepliftspark.engine.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A subset of the axes: over what a value is computed. The extent of an instruction is the union of
 * its operands'. Immutable.
 */
public final class Extent {
  public static final Extent NONE = new Extent(0);

  private final int bits;

  private Extent(int bits) {
    this.bits = bits;
  }

  public static Extent of(Axis... axes) {
    int bits = 0;
    for (Axis axis : axes) {
      bits |= 1 << axis.ordinal();
    }
    return new Extent(bits);
  }

  public Extent union(Extent other) {
    return new Extent(bits | other.bits);
  }

  public boolean has(Axis axis) {
    return (bits & 1 << axis.ordinal()) != 0;
  }

  public boolean within(Extent other) {
    return (bits & ~other.bits) == 0;
  }

  /** The axes, outermost first. */
  public List<Axis> axes() {
    List<Axis> axes = new ArrayList<>();
    for (Axis axis : Axis.values()) {
      if (has(axis)) {
        axes.add(axis);
      }
    }
    return axes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Extent extent && bits == extent.bits;
  }

  @Override
  public int hashCode() {
    return bits;
  }

  @Override
  public String toString() {
    return axes().stream()
        .map(axis -> axis.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
