package org.deepliftspark.engine.genome;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deepliftspark.engine.InvalidInputException;

/**
 * Where the sequences of a FASTA file lie: what {@code samtools faidx} writes as {@code .fai}.
 *
 * @param entries by name of the sequence
 */
public record FastaIndex(Map<String, Entry> entries) implements Serializable {
  private static final int MOST_SEQUENCES = 50_000_000;

  /**
   * One sequence.
   *
   * @param bases in all
   * @param offset of the first base in the file, uncompressed
   * @param lineBases bases per line
   * @param lineBytes bytes per line, its end included
   */
  public record Entry(long bases, long offset, int lineBases, int lineBytes)
      implements Serializable {
    /** Where a base lies in the file. */
    long at(long base) {
      return offset + base / lineBases * lineBytes + base % lineBases;
    }
  }

  /**
   * Reads a {@code .fai} file.
   *
   * @param name of the file, for messages
   * @throws InvalidInputException if a line is not of five columns with numbers that make sense
   */
  public static FastaIndex read(Reader text, String name) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    try (BufferedReader lines = new BufferedReader(text)) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank() && entries.size() < MOST_SEQUENCES) {
          String[] parts = line.split("\t");
          entries.put(parts[0], entry(parts, name, number));
        }
      }
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read " + name + ": " + e.getMessage(), e);
    }
    return new FastaIndex(entries);
  }

  private static Entry entry(String[] parts, String name, long number) {
    try {
      // FASTQ indices have a sixth column
      if (parts.length == 5) {
        Entry entry =
            new Entry(
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]),
                Integer.parseInt(parts[3]),
                Integer.parseInt(parts[4]));
        boolean empty = entry.bases == 0;
        boolean lines = entry.lineBases > 0 && entry.lineBytes >= entry.lineBases;
        if (entry.bases >= 0 && entry.offset >= 0 && (empty || lines)) {
          return entry;
        }
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new InvalidInputException(
        "Cannot read "
            + name
            + ": line "
            + number
            + " is not 'name, bases, offset, bases per line, bytes per line'; make it anew with"
            + " samtools faidx");
  }

  /**
   * Makes the index of a FASTA file without one, reading it once from end to end.
   *
   * @param fasta uncompressed; closed here
   * @throws InvalidInputException if it is not FASTA, or lines of a sequence differ in length
   */
  public static FastaIndex of(InputStream fasta, String name) {
    try (InputStream in = fasta) {
      return new FastaIndex(new FastaIndexer(in, name).index());
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read " + name + ": " + e.getMessage(), e);
    }
  }
}
