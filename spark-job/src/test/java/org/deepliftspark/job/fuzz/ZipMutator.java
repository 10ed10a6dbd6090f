package org.deepliftspark.job.fuzz;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Changes the members of a zip archive each by its own kind, their names, their number and what the
 * headers say of their sizes.
 */
final class ZipMutator implements Mutator {
  private static final int ZEROS = 1 << 20;
  private static final List<String> NAMES =
      List.of(
          "../" + Hostile.ESCAPE,
          "../../../../tmp/" + Hostile.ESCAPE,
          "/tmp/" + Hostile.ESCAPE,
          "..\\" + Hostile.ESCAPE,
          "config.json",
          "model.weights.h5",
          "arr_0.npy",
          "a/b/c.npy",
          "\n.npy",
          "x".repeat(60_000));

  private final Function<String, Mutator> byMember;
  private final Mutator headers;

  private record Member(String name, byte[] bytes) {}

  /**
   * @param byMember what changes a member of a name
   */
  ZipMutator(Function<String, Mutator> byMember) {
    this.byMember = byMember;
    byte[] local = {'P', 'K', 3, 4};
    byte[] central = {'P', 'K', 1, 2};
    this.headers = new ByteMutator(List.of(local, central), List.of(local, central));
  }

  @Override
  public byte[] mutate(byte[] file, SplittableRandom random) {
    int kind = random.nextInt(8);
    if (kind == 0) {
      return headers.mutate(file, random);
    }
    List<Member> members = members(file);
    int at = random.nextInt(members.size());
    Member member = members.get(at);
    switch (kind) {
      case 1 -> members.set(at, new Member(Mutator.pick(NAMES, random), member.bytes()));
      case 2 -> members.remove(at);
      case 3 -> members.add(new Member(Mutator.pick(NAMES, random), member.bytes()));
      case 4 -> members.set(at, new Member(member.name(), new byte[ZEROS]));
      default -> {
        byte[] changed = byMember.apply(member.name()).mutate(member.bytes(), random);
        members.set(at, new Member(member.name(), changed));
      }
    }
    return zip(members, random.nextBoolean());
  }

  private static List<Member> members(byte[] file) {
    List<Member> members = new ArrayList<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        members.add(new Member(entry.getName(), zip.readAllBytes()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return members;
  }

  private static byte[] zip(List<Member> members, boolean stored) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<String> names = new ArrayList<>();
    try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
      for (Member member : members) {
        if (names.contains(member.name())) {
          continue; // Java writes no two of one name
        }
        names.add(member.name());
        ZipEntry entry = new ZipEntry(member.name());
        if (stored && member.bytes().length < ZEROS) {
          CRC32 sum = new CRC32();
          sum.update(member.bytes());
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(member.bytes().length);
          entry.setCrc(sum.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(member.bytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
