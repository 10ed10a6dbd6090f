package org.deepliftspark.engine;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.memory.AllocationsTracker;

/**
 * Native memory of this process by who counts it, in bytes.
 *
 * @param javacpp what JavaCPP has allocated: weights and buffers of the cpu backend
 * @param nd4j arrays of the nd4j backend
 * @param direct direct buffers of Java: what the onnx backend hands to ONNX Runtime
 * @param resident all of the process, heap included
 * @param heap in use
 */
record NativeUse(long javacpp, long nd4j, long direct, long resident, long heap) {

  private static final int MOST_ROUNDS = 5;
  private static final int MOST_TRIES = 20;
  private static final long ROUND_NANOS = 20_000_000;

  static NativeUse now() {
    return new NativeUse(
        Pointer.totalBytes(),
        AllocationsTracker.getInstance().bytesOnDevice(0),
        directBytes(),
        residentBytes(),
        Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
  }

  /** The same when the garbage collector and the threads that free what it finds are done. */
  static NativeUse settled() {
    NativeUse last = null;
    NativeUse use = now();
    for (int i = 0; i < MOST_ROUNDS && (last == null || last.counted() != use.counted()); i++) {
      System.gc();
      LockSupport.parkNanos(ROUND_NANOS);
      last = use;
      use = now();
    }
    return use;
  }

  /** What is counted, when the garbage collector has had time to bring it down to so much. */
  static long countedDownTo(long bytes) {
    long counted = settled().counted();
    for (int i = 0; i < MOST_TRIES && counted > bytes; i++) {
      counted = settled().counted();
    }
    return counted;
  }

  /** What the backends hold, without what nobody counts. */
  long counted() {
    return javacpp + nd4j + direct;
  }

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  private static long residentBytes() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .sum();
    } catch (IOException notLinux) {
      return 0;
    }
  }

  @Override
  public String toString() {
    return "resident %.1f MB, heap %.1f MB, JavaCPP %d B, ND4J %d B, direct buffers %d B"
        .formatted(resident / 1048576.0, heap / 1048576.0, javacpp, nd4j, direct);
  }
}
