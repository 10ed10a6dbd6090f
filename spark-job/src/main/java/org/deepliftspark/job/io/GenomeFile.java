package org.deepliftspark.job.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.bytes.ByteSource;
import org.deepliftspark.engine.bytes.CachedSource;
import org.deepliftspark.engine.genome.BgzfIndex;
import org.deepliftspark.engine.genome.BgzfSource;
import org.deepliftspark.engine.genome.FastaGenome;
import org.deepliftspark.engine.genome.FastaIndex;
import org.deepliftspark.engine.genome.Genome;
import org.deepliftspark.engine.genome.TwoBitGenome;

/**
 * A genome's file and its indices, found on the driver; tasks open it and read the windows that
 * they need. The bases themselves never travel with it.
 */
final class GenomeFile implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int HEAD_BYTES = 64;

  private final String path;
  private final FastaIndex fai;
  private final BgzfIndex gzi;
  private final HadoopSettings settings;
  private final String fingerprint;

  private GenomeFile(
      HadoopFiles hadoop, String path, FastaIndex fai, BgzfIndex gzi, Configuration configuration) {
    this.path = path;
    this.fai = fai;
    this.gzi = gzi;
    this.settings = new HadoopSettings(configuration);
    try {
      this.fingerprint = GenomeFingerprint.of(hadoop, path, fai);
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read genome " + path + ": " + e.getMessage(), e);
    }
  }

  /**
   * Finds out what the file is and reads its indices. A plain FASTA file without {@code .fai} is
   * read once from end to end.
   *
   * @throws InvalidInputException if the file is missing, is no genome, or lacks an index
   */
  static GenomeFile find(HadoopFiles hadoop, Configuration configuration, String path) {
    byte[] head = hadoop.head(path, HEAD_BYTES);
    if (TwoBitGenome.isTwoBit(head)) {
      GenomeFile file = new GenomeFile(hadoop, path, null, null, configuration);
      file.open().close(); // a damaged index stops the job here
      return file;
    }
    if (!BgzfSource.isGzip(head)) {
      return new GenomeFile(hadoop, path, plainIndex(hadoop, path), null, configuration);
    }
    if (!BgzfSource.isBgzf(head)) {
      throw new InvalidInputException(
          "Cannot read genome "
              + path
              + ": it is gzip, which cannot be read at any place; compress it with bgzip, then"
              + " samtools faidx");
    }
    if (!hadoop.exists(path + ".fai") || !hadoop.exists(path + ".gzi")) {
      throw new InvalidInputException(
          "Cannot read genome "
              + path
              + ": expected its indices .fai and .gzi beside it; make them with samtools faidx");
    }
    BgzfIndex gzi = BgzfIndex.read(hadoop.read(path + ".gzi"), path + ".gzi");
    return new GenomeFile(hadoop, path, index(hadoop, path + ".fai"), gzi, configuration);
  }

  private static FastaIndex plainIndex(HadoopFiles hadoop, String path) {
    if (hadoop.exists(path + ".fai")) {
      return index(hadoop, path + ".fai");
    }
    try {
      return FastaIndex.of(hadoop.open(HadoopFiles.path(path)), path);
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read genome " + path + ": " + e.getMessage(), e);
    }
  }

  private static FastaIndex index(HadoopFiles hadoop, String path) {
    try (InputStream in = hadoop.open(HadoopFiles.path(path))) {
      return FastaIndex.read(new InputStreamReader(in, StandardCharsets.UTF_8), path);
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  /** The same for copies of the genome, another for other genomes. */
  String fingerprint() {
    return fingerprint;
  }

  /** Opens the file; for one thread. */
  Genome open() {
    Path file = HadoopFiles.path(path);
    try {
      FileSystem fs = file.getFileSystem(settings.configuration());
      ByteSource bytes = new CachedSource(HadoopBytes.open(fs, file));
      if (fai == null) {
        return TwoBitGenome.open(bytes, path);
      }
      return new FastaGenome(gzi == null ? bytes : new BgzfSource(bytes, gzi), fai, path);
    } catch (IOException e) {
      throw new InvalidInputException("Cannot read genome " + path + ": " + e.getMessage(), e);
    }
  }
}
