package org.deepliftspark.engine.importer.keras;

import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.filter.PipelineFilterWithData;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.deepliftspark.engine.ModelFormatException;

/**
 * Looks at the compressed chunks of a dataset before the HDF5 library unpacks them: it unpacks
 * whatever comes out, a thousand times the file, and makes buffers of the sizes that filters
 * declare.
 */
final class ChunkCheck {
  private static final int DEFLATE = 1;
  private static final int SHUFFLE = 2;
  private static final int FLETCHER_32 = 3;
  private static final int LZF = 32000;

  /** Where LZF keeps the size of a chunk, which it makes a buffer of. */
  private static final int LZF_SIZE_AT = 2;

  private final String file;
  private final String what;
  private final ChunkedDataset dataset;
  private final long chunkBytes;

  private ChunkCheck(String file, String what, ChunkedDataset dataset, long chunkBytes) {
    this.file = file;
    this.what = what;
    this.dataset = dataset;
    this.chunkBytes = chunkBytes;
  }

  /**
   * @param what is stored, for messages
   * @param budget what a chunk takes is taken off it
   * @throws ModelFormatException if a chunk unpacks to more than its share of the dataset, or is
   *     packed in a way that Keras does not use
   */
  static void check(String file, String what, ChunkedDataset dataset, MemoryBudget budget) {
    long chunkBytes = dataset.getDataType().getSize();
    for (int dim : dataset.getChunkDimensions()) {
      chunkBytes = Math.multiplyExact(chunkBytes, dim);
    }
    budget.charge(chunkBytes, "a chunk of " + what);
    ChunkCheck check = new ChunkCheck(file, what, dataset, chunkBytes);
    boolean deflated = false;
    for (PipelineFilterWithData filter : dataset.getFilters()) {
      check.requireKnown(filter);
      deflated |= filter.getId() == DEFLATE;
    }
    if (deflated) {
      check.chunks(budget);
    }
  }

  private void requireKnown(PipelineFilterWithData filter) {
    int id = filter.getId();
    int[] data = filter.getFilterData();
    if (id == LZF && (data.length <= LZF_SIZE_AT || data[LZF_SIZE_AT] != chunkBytes)) {
      throw broken("says that a chunk has other than " + chunkBytes + " bytes");
    } else if (id != DEFLATE && id != SHUFFLE && id != FLETCHER_32 && id != LZF) {
      throw broken(
          "is compressed by " + filter.getName() + ", expected gzip; save it without compression");
    }
  }

  /** Goes through the chunks' places; of those that are not there nothing is unpacked. */
  private void chunks(MemoryBudget budget) {
    int[] dims = dataset.getDimensions();
    int[] chunk = dataset.getChunkDimensions();
    long count = 1;
    for (int axis = 0; axis < dims.length; axis++) {
      count *= (dims[axis] + (long) chunk[axis] - 1) / chunk[axis];
    }
    if (count > dataset.getStorageInBytes()) {
      throw broken("has " + count + " chunks, more than it has bytes");
    }
    budget.charge(count, what);
    int[] at = new int[dims.length];
    for (long i = 0; i < count; i++) {
      inflate(dataset.getRawChunkBuffer(at));
      for (int axis = dims.length - 1; axis >= 0; axis--) {
        at[axis] += chunk[axis];
        if (at[axis] < dims[axis]) {
          break;
        }
        at[axis] = 0;
      }
    }
  }

  private void inflate(ByteBuffer packed) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed);
      byte[] sink = new byte[1 << 13];
      long unpacked = 0;
      int count = 1;
      while (count > 0 && !inflater.finished()) {
        count = inflater.inflate(sink);
        unpacked += count;
        // a filter that was applied before may have added a checksum
        if (unpacked > chunkBytes + Integer.BYTES) {
          throw broken("unpacks to more than the " + chunkBytes + " bytes of a chunk");
        }
      }
    } catch (DataFormatException e) {
      return; // the library comes no further than this, and tells
    } finally {
      inflater.end();
    }
  }

  private ModelFormatException broken(String why) {
    return new ModelFormatException("Cannot read model %s: %s %s".formatted(file, what, why));
  }
}
