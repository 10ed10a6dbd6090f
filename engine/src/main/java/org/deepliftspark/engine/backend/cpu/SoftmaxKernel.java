package org.deepliftspark.engine.backend.cpu;

/** Softmax over one axis, in double. */
final class SoftmaxKernel implements Kernel {
  private final Cell x;
  private final Cell out;
  private final int length;
  private final int stride;

  /**
   * @param length of the axis
   * @param stride stored distance between neighbors along it, in both cells
   */
  SoftmaxKernel(Cell x, Cell out, int length, int stride) {
    this.x = x;
    this.out = out;
    this.length = length;
    this.stride = stride;
  }

  @Override
  public void run(Frame frame) {
    float[] source = x.read(frame, 0);
    float[] target = frame.array(1, out.size());
    double[] exponentials = new double[length];
    for (int vector = 0; vector < x.size() / length; vector++) {
      int first = vector / stride * stride * length + vector % stride;
      double max = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < length; i++) {
        max = Math.max(max, source[first + i * stride]);
      }
      double sum = 0;
      for (int i = 0; i < length; i++) {
        exponentials[i] = Math.exp(source[first + i * stride] - max);
        sum += exponentials[i];
      }
      for (int i = 0; i < length; i++) {
        target[first + i * stride] = (float) (exponentials[i] / sum);
      }
    }
    out.write(frame, 0, target, out.size());
  }
}
