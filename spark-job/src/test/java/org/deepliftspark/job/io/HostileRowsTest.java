package org.deepliftspark.job.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.npy.Npy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows and arrays whose few bytes stand for many. */
class HostileRowsTest {
  @TempDir Path folder;

  @Test
  void aThousandAllelesBesideALongOneStaySmall() throws Exception {
    Path genome = Files.writeString(folder.resolve("g.fa"), ">chr1\n" + "A".repeat(60) + "\n");
    String ref = "A".repeat(1_000_000);
    String line = "chr1\t9\tid\t" + ref + "\t" + "C,".repeat(999) + "C\n";
    Iterator<Row> rows = new FuzzedSources(genome).variantRows(line);
    long letters = 0;
    int count = 0;
    while (rows.hasNext()) {
      Row row = rows.next();
      count++;
      assertThat(row.getString(SourceSchema.PROBLEM_AT)).isEqualTo("allele too long");
      for (int i = 0; i < row.size(); i++) {
        letters += row.get(i) instanceof String text ? text.length() : 0;
      }
    }
    assertThat(count).isEqualTo(1000);
    assertThat(letters).isLessThan(line.length());
  }

  @Test
  void theArraysOfAFileShareOneLimit() throws Exception {
    Path npz = folder.resolve("x.npz");
    Path array = folder.resolve("a.npy");
    Npy.write(array, new float[200], 100, 2);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(npz))) {
      for (String name : List.of("a", "b")) {
        zip.putNextEntry(new ZipEntry(name + ".npy"));
        zip.write(Files.readAllBytes(array));
      }
    }
    List<String> names = List.of("a", "b");
    List<int[]> shapes = List.of(new int[] {2}, new int[] {2});
    long one = Files.size(array);
    assertThat(NpzFile.open(npz.toString(), names, shapes, new Configuration(), 2 * one))
        .hasSize(2);
    assertThatThrownBy(
            () -> NpzFile.open(npz.toString(), names, shapes, new Configuration(), 2 * one - 1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot read x.npz b: with the arrays before it more than 0 MB uncompressed; save it as .npy, or in several files");
  }

  @Test
  void namesOfArraysThatAreNotWantedAreNotAllListed() throws Exception {
    Path npz = folder.resolve("x.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(npz))) {
      for (int i = 0; i < 5000; i++) {
        zip.putNextEntry(new ZipEntry("array" + i + ".npy"));
        zip.write("no array".getBytes(StandardCharsets.US_ASCII));
      }
    }
    List<int[]> shapes = List.of(new int[] {2}, new int[] {2});
    assertThatThrownBy(
            () ->
                NpzFile.open(npz.toString(), List.of("a", "b"), shapes, new Configuration(), 1000))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageEndingWith("array18, array19, ...");
  }
}
