package org.deepliftspark.job.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectorsTest {

  /** Users are told to add what the tests of that Spark run with. */
  @ParameterizedTest
  @CsvSource({"3.5.7, 2.12, 0", "4.1.0, 2.13, 1"})
  void thePackagesThatAreNamedAreThoseOfTheTests(String spark, String scala, int place)
      throws IOException {
    String pom = Files.readString(Path.of("../pom.xml"));
    assertThat(Connectors.coordinates("delta", spark, scala))
        .isEqualTo(
            "io.delta:"
                + value(pom, "delta.artifact", place)
                + ":"
                + value(pom, "delta.version", place));
    assertThat(Connectors.coordinates("iceberg", spark, scala))
        .isEqualTo(
            "org.apache.iceberg:"
                + value(pom, "iceberg.artifact", place)
                + ":"
                + value(pom, "iceberg.version", place));
  }

  private static String value(String pom, String property, int place) {
    Matcher matcher = Pattern.compile("<" + Pattern.quote(property) + ">([^<]+)</").matcher(pom);
    for (int i = 0; i <= place; i++) {
      assertThat(matcher.find()).as(property).isTrue();
    }
    return matcher.group(1);
  }
}
