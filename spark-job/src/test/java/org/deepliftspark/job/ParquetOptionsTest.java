package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of zeros and of one target repeat so much that Parquet would write all as dictionaries. */
@ExtendWith(SparkHarness.class)
class ParquetOptionsTest extends JobTestBase {
  private static final String[] ALIKE =
      Stream.generate(() -> "AAAAAAAAAAAA").limit(64).toArray(String[]::new);

  @ParameterizedTest
  @CsvSource({
    "array, contributions.list.element, hypothetical.list.element",
    "f32, contributions, hypothetical",
    "f16, contributions, hypothetical"
  })
  void scoresAreWrittenAsTheyAre(
      String encoding, String contributions, String hypothetical, SparkSession spark)
      throws Exception {
    score(spark, fasta("in.fa", ALIKE), "--hypothetical", "--encoding=" + encoding);
    assertThat(dictionaries())
        .contains("target", "sequence")
        .doesNotContain(contributions, hypothetical);
  }

  @Test
  void lettersKeepTheirDictionaries(SparkSession spark) throws Exception {
    score(spark, fasta("in.fa", ALIKE), "--references=dinuc-shuffle:2", "--keep-references");
    assertThat(dictionaries()).contains("references.list.element");
  }

  /** Columns of the written files that have a dictionary. */
  private Set<String> dictionaries() throws IOException {
    Set<String> columns = new TreeSet<>();
    try (Stream<Path> files = Files.list(output())) {
      for (Path file : files.filter(path -> path.toString().endsWith(".parquet")).toList()) {
        addDictionaries(file, columns);
      }
    }
    return columns;
  }

  private static void addDictionaries(Path file, Set<String> columns) throws IOException {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toUri());
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, new Configuration()))) {
      for (BlockMetaData block : reader.getFooter().getBlocks()) {
        for (ColumnChunkMetaData column : block.getColumns()) {
          if (column.getEncodings().stream().anyMatch(encoding -> encoding.usesDictionary())) {
            columns.add(column.getPath().toDotString());
          }
        }
      }
    }
  }
}
