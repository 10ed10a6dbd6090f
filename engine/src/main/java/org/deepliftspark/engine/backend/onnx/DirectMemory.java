package org.deepliftspark.engine.backend.onnx;

import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;

/**
 * Frees direct buffers when their owner is done with them. The garbage collector does it when it
 * gets to them, which in a long job with a large heap is late: until then the process holds the
 * memory of every workspace that it has closed.
 */
final class DirectMemory {
  private static final Object UNSAFE = unsafe();
  private static final Method CLEANER = cleaner();

  private DirectMemory() {}

  /**
   * @param buffer as it was allocated, no view of one; nobody may use it, or a view of it, any more
   */
  static void free(ByteBuffer buffer) {
    if (CLEANER == null) {
      return; // the garbage collector will
    }
    try {
      CLEANER.invoke(UNSAFE, buffer);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("Cannot free a direct buffer", e);
    }
  }

  /**
   * The one public way; named by reflection, since compilers warn of it and cannot be told not to.
   */
  private static Object unsafe() {
    try {
      Field field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return field.get(null);
    } catch (ReflectiveOperationException | InaccessibleObjectException absent) {
      return null;
    }
  }

  private static Method cleaner() {
    try {
      return UNSAFE == null ? null : UNSAFE.getClass().getMethod("invokeCleaner", ByteBuffer.class);
    } catch (NoSuchMethodException absent) {
      return null;
    }
  }
}
