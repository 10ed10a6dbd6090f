package org.deepliftspark.engine.backend;

/**
 * A program made ready. Safe for many threads, each with a workspace of its own. Closing it frees
 * all native memory.
 */
public interface Executable extends AutoCloseable {

  /** Scratch memory for one thread; close it when the task ends. */
  Workspace newWorkspace();

  /** What runs: backend, version, instruction set; for provenance. */
  String description();

  @Override
  void close();
}
