package org.deepliftspark.engine.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CachedSourceTest {
  private static final int BLOCK = CachedSource.BLOCK_BYTES;
  private static final int BLOCKS = 40;
  private static final byte[] BYTES = new byte[BLOCKS * BLOCK + 123];

  static {
    new Random(3).nextBytes(BYTES);
  }

  private final Recorded recorded = new Recorded();
  private final CachedSource source = new CachedSource(recorded);

  /** The bytes above; what was read of them, in blocks. */
  private final class Recorded implements ByteSource {
    private final List<String> reads = new ArrayList<>();
    private boolean fails;
    private boolean closed;

    @Override
    public long size() {
      return BYTES.length;
    }

    @Override
    public void read(long position, ByteBuffer into) throws IOException {
      if (fails) {
        fails = false;
        throw new IOException("disk went away");
      }
      int blocks = (into.remaining() + BLOCK - 1) / BLOCK;
      assertThat(position % BLOCK).isZero();
      reads.add(position / BLOCK + "+" + blocks);
      ByteSource.of(BYTES).read(position, into);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private byte[] read(long position, int count) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(count);
    source.read(position, into);
    return into.array();
  }

  private void check(int position, int count) throws IOException {
    assertThat(Arrays.equals(read(position, count), piece(position, count)))
        .as("%s bytes at %s", count, position)
        .isTrue();
  }

  private byte[] piece(int position, int count) {
    return Arrays.copyOfRange(BYTES, position, position + count);
  }

  @ParameterizedTest
  @CsvSource({
    "0,1",
    "0,65536",
    "65535,1",
    "65535,2",
    "65536,1",
    "65536,65536",
    "65530,65550",
    "7,524288",
    "7,1048576",
    "100,2600000",
    "0,2621563",
    "2621440,123",
    "2621439,124",
    "2621562,1",
    "2621563,0",
    "0,0"
  })
  void aPieceOfAnySizeIsThatOfTheSource(int position, int count) throws IOException {
    check(position, count);
    check(position, count);
  }

  @Test
  void piecesInAnyOrderAreThoseOfTheSource() throws IOException {
    Random random = new Random(4);
    for (int i = 0; i < 500; i++) {
      int count = random.nextInt(i % 50 == 0 ? 1_500_000 : 3000);
      check(random.nextInt(BYTES.length - count + 1), count);
    }
  }

  @Test
  void whatIsAskedForInAscendingOrderIsReadAhead() throws IOException {
    for (int at = 0; at + 1000 <= BYTES.length; at += 10_000) {
      check(at, 1000);
    }
    assertThat(recorded.reads).containsExactly("0+2", "2+4", "6+8", "14+8", "22+8", "30+8", "38+3");
  }

  @Test
  void scatteredPiecesTakeNoMoreThanTheirBlocks() throws IOException {
    for (int block : new int[] {30, 20, 10, 25, 5}) {
      check(block * BLOCK + 99, 1000);
    }
    check(16 * BLOCK - 1, 2);
    assertThat(recorded.reads).containsExactly("30+1", "20+1", "10+1", "25+1", "5+1", "15+2");
  }

  @Test
  void piecesNearEachOtherAreReadOnce() throws IOException {
    check(21 * BLOCK, 10);
    check(20 * BLOCK - 10, 20);
    for (int i = 0; i < 100; i++) {
      check(20 * BLOCK + 7 * i, BLOCK);
    }
    assertThat(recorded.reads).containsExactly("21+1", "19+2");
  }

  @Test
  void onlyTheBlocksUsedLastStayInMemory() throws IOException {
    for (int i = 0; i < CachedSource.MOST_BLOCKS; i++) {
      check((BLOCKS - 2 * i) * BLOCK, 1);
    }
    check(BLOCKS * BLOCK, 1); // used again, so another one goes first
    check(3 * BLOCK, 1);
    recorded.reads.clear();
    check(BLOCKS * BLOCK, 1);
    check(10 * BLOCK, 1);
    assertThat(recorded.reads).isEmpty();
    check((BLOCKS - 2) * BLOCK, 1);
    assertThat(recorded.reads).containsExactly("38+1");
  }

  @Test
  void aReadThatFailsLeavesNothingBehind() throws IOException {
    recorded.fails = true;
    assertThatThrownBy(() -> read(5, 10))
        .isInstanceOf(IOException.class)
        .hasMessage("disk went away");
    check(5, 10);
  }

  @ParameterizedTest
  @CsvSource({"2621563,1", "2621000,1000", "9223372036854775807,2", "-1,1"})
  void nothingIsReadBeyondTheEnds(long position, int count) {
    assertThatThrownBy(() -> read(position, count))
        .isInstanceOf(EOFException.class)
        .hasMessage("ended at byte 2621563");
    assertThat(recorded.reads).isEmpty();
  }

  @Test
  void manyThreadsReadAtOnce() {
    long right =
        IntStream.range(0, 2000)
            .parallel()
            .filter(
                i -> {
                  int at = i * 7919 % (BYTES.length - 3000);
                  try {
                    return Arrays.equals(read(at, 3000), piece(at, 3000));
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                })
            .count();
    assertThat(right).isEqualTo(2000);
  }

  @Test
  void itClosesTheSource() throws IOException {
    source.close();
    assertThat(recorded.closed).isTrue();
  }
}
