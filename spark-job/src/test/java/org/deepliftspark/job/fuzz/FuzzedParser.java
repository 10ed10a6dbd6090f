package org.deepliftspark.job.fuzz;

import java.nio.file.Path;
import java.util.List;

/**
 * A parser and what it is given.
 *
 * @param name for messages and folders
 * @param share of all mutants, in parts of the sum over the parsers
 * @param seeds files that it reads without complaint, but for those that are hostile as they are
 * @param mutator makes others of them
 * @param bytes that reading a file may allocate in all, whatever its size
 * @param bytesPerByte that it may allocate for each byte of the file besides
 * @param reader throws what the parser throws
 */
record FuzzedParser(
    String name,
    int share,
    List<Seed> seeds,
    Mutator mutator,
    long bytes,
    long bytesPerByte,
    Reader reader) {

  /** A file to begin with. */
  record Seed(String name, byte[] bytes) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Reads one file. */
  @FunctionalInterface
  interface Reader {
    /**
     * @param folder where the parser may look for further files, and where nothing may be written
     */
    void read(byte[] file, Path folder) throws Exception;
  }

  long mostBytes(int fileBytes) {
    return bytes + bytesPerByte * fileBytes;
  }
}
