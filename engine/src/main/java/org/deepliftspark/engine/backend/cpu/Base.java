package org.deepliftspark.engine.backend.cpu;

/** The numbers of another cell, which may have the very place of the result: then nothing moves. */
record Base(Cell cell) implements Start {
  @Override
  public void write(Frame frame, Cell out) {
    if (out.isAt(cell, frame)) {
      return;
    }
    float[] tile = frame.tile(0, Tiles.SIZE);
    for (int from = 0; from < out.size(); from += Tiles.SIZE) {
      int n = Math.min(Tiles.SIZE, out.size() - from);
      cell.read(frame, from, tile, n);
      out.write(frame, from, tile, n);
    }
  }
}
