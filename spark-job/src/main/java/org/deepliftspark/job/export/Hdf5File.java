package org.deepliftspark.job.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Writes HDF5 files of the oldest and most widely read format (superblock 0, groups as symbol
 * tables): contiguous arrays of numbers in groups one level deep, and nothing else. All sizes are
 * known beforehand, so the file is written from front to back: metadata, then the arrays.
 *
 * <p>Source: HDF5 File Format Specification version 3.0, sections II.A, III.A.1, III.B to III.D and
 * IV.A.1.a.
 */
final class Hdf5File {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final long UNDEFINED = -1L;

  /** Entries of a symbol table node are twice this. */
  private static final int LEAF_K = 4;

  private static final int INTERNAL_K = 16;
  private static final int MOST_LINKS = 2 * LEAF_K;
  private static final int SUPERBLOCK_BYTES = 96;
  private static final int TREE_BYTES = 24 + (2 * INTERNAL_K + 1) * 8 + 2 * INTERNAL_K * 8;
  private static final int ENTRY_BYTES = 40;
  private static final int NODE_BYTES = 8 + MOST_LINKS * ENTRY_BYTES;

  /** The end of a heap's list of free blocks (H5HL_FREE_NULL in the library). */
  private static final long NO_FREE_BLOCK = 1;

  private static final int DATASPACE = 0x01;
  private static final int DATATYPE = 0x03;
  private static final int FILL_VALUE = 0x05;
  private static final int LAYOUT = 0x08;
  private static final int SYMBOL_TABLE = 0x11;

  private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
  private final List<StoredArray> arrays;
  private final long[] addresses;

  private Hdf5File(List<StoredArray> arrays, long firstData) {
    this.arrays = arrays;
    this.addresses = new long[arrays.size()];
    long at = firstData;
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = at;
      at += padded(arrays.get(i).bytes());
    }
  }

  static void write(List<StoredArray> arrays, OutputStream out) throws IOException {
    // How long the metadata are does not depend on where the data lie.
    int metadataBytes = new Hdf5File(arrays, 0).metadata(0).length;
    Hdf5File file = new Hdf5File(arrays, metadataBytes);
    long end = metadataBytes;
    for (StoredArray array : arrays) {
      end += padded(array.bytes());
    }
    out.write(file.metadata(end));
    for (StoredArray array : arrays) {
      array.content().writeTo(out);
      out.write(new byte[(int) (padded(array.bytes()) - array.bytes())]);
    }
    out.flush();
  }

  private static long padded(long bytes) {
    return (bytes + 7) / 8 * 8;
  }

  private record Group(long header, long tree, long heap) {}

  private byte[] metadata(long endOfFile) {
    metadata.writeBytes(new byte[SUPERBLOCK_BYTES]);
    TreeMap<String, Long> root = new TreeMap<>();
    TreeMap<String, TreeMap<String, Long>> groups = new TreeMap<>();
    for (int i = 0; i < addresses.length; i++) {
      String[] path = arrays.get(i).name().split("/");
      long header = append(dataset(arrays.get(i), addresses[i]));
      if (path.length == 1) {
        root.put(path[0], header);
      } else {
        groups.computeIfAbsent(path[0], name -> new TreeMap<>()).put(path[1], header);
      }
    }
    groups.forEach((name, links) -> root.put(name, group(links).header()));
    Group top = group(root);
    byte[] bytes = metadata.toByteArray();
    System.arraycopy(superblock(top, endOfFile), 0, bytes, 0, SUPERBLOCK_BYTES);
    return bytes;
  }

  private long append(ByteBuffer block) {
    long address = metadata.size();
    metadata.write(block.array(), 0, block.capacity());
    metadata.writeBytes(new byte[(int) (padded(metadata.size()) - metadata.size())]);
    return address;
  }

  private static ByteBuffer block(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] superblock(Group root, long endOfFile) {
    ByteBuffer block = block(SUPERBLOCK_BYTES);
    block.put(SIGNATURE).put(new byte[5]).put((byte) 8).put((byte) 8).put((byte) 0);
    block.putShort((short) LEAF_K).putShort((short) INTERNAL_K).putInt(0);
    block.putLong(0).putLong(UNDEFINED).putLong(endOfFile).putLong(UNDEFINED);
    block.putLong(0).putLong(root.header()).putInt(1).putInt(0);
    return block.putLong(root.tree()).putLong(root.heap()).array();
  }

  /** Writes a group: heap of names, symbol table node, tree of one node, header. */
  private Group group(TreeMap<String, Long> links) {
    if (links.size() > MOST_LINKS) {
      throw new IllegalArgumentException("More than " + MOST_LINKS + " names in a group");
    }
    List<Long> offsets = new ArrayList<>();
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    names.writeBytes(new byte[8]); // the empty name
    for (String name : links.keySet()) {
      offsets.add((long) names.size());
      names.writeBytes(name.getBytes(StandardCharsets.UTF_8));
      names.writeBytes(new byte[8 - names.size() % 8]);
    }
    long segment = append(block(names.size()).put(names.toByteArray()));
    ByteBuffer heap = block(32);
    heap.put("HEAP".getBytes(StandardCharsets.US_ASCII)).putInt(0);
    heap.putLong(names.size()).putLong(NO_FREE_BLOCK).putLong(segment);
    long heapAddress = append(heap);
    long node = append(symbols(links, offsets));
    ByteBuffer tree = block(TREE_BYTES);
    tree.put("TREE".getBytes(StandardCharsets.US_ASCII)).putShort((short) 0).putShort((short) 1);
    tree.putLong(UNDEFINED).putLong(UNDEFINED);
    tree.putLong(0).putLong(node).putLong(offsets.get(offsets.size() - 1));
    long treeAddress = append(tree);
    ByteBuffer table = block(16).putLong(treeAddress).putLong(heapAddress);
    return new Group(
        append(header(List.of(message(SYMBOL_TABLE, table)))), treeAddress, heapAddress);
  }

  private static ByteBuffer symbols(TreeMap<String, Long> links, List<Long> offsets) {
    ByteBuffer node = block(NODE_BYTES);
    node.put("SNOD".getBytes(StandardCharsets.US_ASCII)).put((byte) 1).put((byte) 0);
    node.putShort((short) links.size());
    int i = 0;
    for (long header : links.values()) {
      node.putLong(offsets.get(i++)).putLong(header).putLong(0).putLong(0).putLong(0);
    }
    return node;
  }

  private static ByteBuffer dataset(StoredArray array, long address) {
    long[] shape = array.shape();
    ByteBuffer space = block(8 + 8 * shape.length);
    space.put((byte) 1).put((byte) shape.length).put((byte) 0).put((byte) 0).putInt(0);
    for (long dim : shape) {
      space.putLong(dim);
    }
    // Version 2; allocated late, written when set, and not set: every number is there.
    ByteBuffer fill = block(8).put((byte) 2).put((byte) 2).put((byte) 2);
    ByteBuffer layout = block(24).put((byte) 3).put((byte) 1);
    layout.putLong(address).putLong(array.bytes());
    return header(
        List.of(
            message(DATASPACE, space),
            message(DATATYPE, type(array.code())),
            message(FILL_VALUE, fill),
            message(LAYOUT, layout)));
  }

  private static ByteBuffer type(String code) {
    return switch (code) {
      case "|i1" -> // class 0, signed
          block(16).put((byte) 0x10).put((byte) 8).putShort((short) 0).putInt(1).putInt(8 << 16);
      case "<f2" -> real(2, 10, 5, 15);
      case "<f4" -> real(4, 23, 8, 127);
      default -> throw new IllegalArgumentException("No HDF5 type for " + code);
    };
  }

  private static ByteBuffer real(int bytes, int mantissa, int exponent, int bias) {
    int bits = 8 * bytes;
    ByteBuffer type = block(24).put((byte) 0x11); // version 1, class 1: floating-point
    type.put((byte) 0x20).put((byte) (bits - 1)).put((byte) 0).putInt(bytes); // leading bit implied
    type.putShort((short) 0).putShort((short) bits);
    type.put((byte) mantissa).put((byte) exponent).put((byte) 0).put((byte) mantissa);
    return type.putInt(bias);
  }

  private static ByteBuffer message(int type, ByteBuffer data) {
    ByteBuffer message = block(8 + (int) padded(data.capacity()));
    message.putShort((short) type).putShort((short) padded(data.capacity())).putInt(0);
    return message.put(data.array());
  }

  private static ByteBuffer header(List<ByteBuffer> messages) {
    int bytes = messages.stream().mapToInt(ByteBuffer::capacity).sum();
    ByteBuffer header = block(16 + bytes);
    header.put((byte) 1).put((byte) 0).putShort((short) messages.size());
    header.putInt(1).putInt(bytes).putInt(0);
    messages.forEach(message -> header.put(message.array()));
    return header;
  }
}
