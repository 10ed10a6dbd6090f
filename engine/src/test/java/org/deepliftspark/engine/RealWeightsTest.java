package org.deepliftspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.Models;
import org.deepliftspark.engine.npy.Npy;
import org.deepliftspark.engine.rule.RuleProfile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The networks of the DeepLIFT papers with their own weights, by network and rule. Expected numbers
 * come from a NumPy program in double that follows the reference implementation; models and data
 * are not part of the project.
 */
class RealWeightsTest {
  /** Of the largest contribution; the engine computes in float. */
  private static final double TOLERANCE = 2e-5;

  private static final float[] ACGT = {.3f, .2f, .2f, .3f};
  private static final int LENGTH = 200;

  private static Path shared() {
    String environment = System.getenv().getOrDefault("DEEPLIFT_SHARED", "../../shared");
    return Path.of(System.getProperty("deeplift.shared", environment));
  }

  @BeforeEach
  void skipWithoutTheData() {
    assumeTrue(
        Files.isDirectory(shared().resolve("data")),
        () -> "no real models at " + shared().resolve("data").toAbsolutePath().normalize());
  }

  private static Graph model(String path) throws IOException {
    Path file = shared().resolve(path);
    return Models.read(ModelSource.of(file.getFileName().toString(), Files.readAllBytes(file)));
  }

  private static Explained.Question mnist(String method, int digit) throws IOException {
    return Explained.network(model("data/upstream/mnist/keras2_mnist_cnn_allconv.h5"))
        .by(method)
        .profile(RuleProfile.DEEPLIFT)
        .targets(Integer.toString(digit));
  }

  /** Flat positions, by falling contribution. */
  private static int[] ranked(double[] contributions) {
    return IntStream.range(0, contributions.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -contributions[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Checks {@code PLACE=SCORE ...}, the largest contributions in order. */
  private static void assertLargest(double[] contributions, String expected, double tolerance) {
    int[] ranked = ranked(contributions);
    String[] entries = expected.split(" ");
    for (int i = 0; i < entries.length; i++) {
      String[] entry = entries[i].split("=");
      assertThat(ranked[i]).as("place %d of %s", i, expected).isEqualTo(Integer.parseInt(entry[0]));
      assertThat(contributions[ranked[i]])
          .isCloseTo(Double.parseDouble(entry[1]), within(tolerance));
    }
  }

  private static void assertSmallest(double[] contributions, String expected, double tolerance) {
    double[] negated = Arrays.stream(contributions).map(c -> -c).toArray();
    String[] entry = expected.split("=");
    assertLargest(negated, entry[0] + "=" + -Double.parseDouble(entry[1]), tolerance);
  }

  /** Places are row x 28 + column of the first 8 of the training digits. */
  @ParameterizedTest(name = "MNIST {0} of {1}")
  @CsvSource({
    "reveal-cancel, 8, 4835.1964, 596=289.0880 320=255.8978 514=251.7119, 291=-210.8480, 10742.8615",
    "reveal-cancel, 3, -1731.6840, 654=388.6375 655=316.4117 237=314.7340, 320=-716.1347,"
        + " 17819.2463",
    "genomics-default, 8, 4835.1964, 320=624.6168 596=431.8047 348=393.0166, 491=-188.7974,"
        + " 12193.6471",
    "rescale, 8, 4835.1964, 320=541.3296 596=405.8069 513=359.7390, 376=-190.8112, 11909.5401",
    "rescale, 6, -2503.0832, 270=191.3773 376=188.9907 189=170.4547, 326=-434.9719, 8865.4958"
  })
  void mnistScores(
      String method, int digit, double delta, String largest, String smallest, double mass)
      throws IOException {
    float[] image = Npy.read(shared().resolve("data/upstream/mnist/e5_digit8.npy")).floats();
    mnist(method, digit)
        .at(image)
        .sumsToDelta()
        .byBackend()
        .forEach(
            (backend, found) -> {
              double[] scores = found.contributions(0).doubles();
              double tolerance = TOLERANCE * Math.abs(scores[ranked(scores)[0]]);
              assertThat(Arrays.stream(scores).sum()).isCloseTo(delta, within(1e-5 * mass));
              assertThat(Arrays.stream(scores).map(Math::abs).sum())
                  .isCloseTo(mass, within(1e-5 * mass));
              assertLargest(scores, largest, tolerance);
              assertSmallest(scores, smallest, tolerance);
            });
  }

  @ParameterizedTest(name = "MNIST logit of {0}")
  @CsvSource({
    "0, -1115.8809, -.141943",
    "1, -3095.3435, -.12413",
    "2, -737.4978, -.103259",
    "3, -1731.6628, .02122",
    "4, -3822.8097, -.254677",
    "5, -1583.3531, -.008458",
    "6, -2503.4216, -.338343",
    "7, -1989.1388, -.249356",
    "8, 4835.6985, .502066",
    "9, -1572.2750, .036796"
  })
  void mnistLogits(int digit, double logit, double ofReference) throws IOException {
    float[] image = Npy.read(shared().resolve("data/upstream/mnist/e5_digit8.npy")).floats();
    mnist("rescale", digit)
        .at(image)
        .byBackend()
        .forEach(
            (backend, found) -> {
              assertThat(found.predictions().get(0))
                  .as(backend)
                  .isCloseTo(logit, within(2e-6 * 4836));
              assertThat(found.referencePredictions().get(0))
                  .as(backend)
                  .isCloseTo(ofReference, within(2e-6));
            });
  }

  private static float[] oneHot(String name) throws IOException {
    Path file = shared().resolve("data/upstream/genomics/sequences.simdata.gz");
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
      String line = reader.lines().filter(l -> l.startsWith(name + "\t")).findFirst().orElseThrow();
      String sequence = line.split("\t")[1];
      float[] numbers = new float[4 * LENGTH];
      for (int i = 0; i < LENGTH; i++) {
        numbers[4 * i + "ACGT".indexOf(sequence.charAt(i))] = 1;
      }
      return numbers;
    }
  }

  private static Explained genomics(String sequence, int task, String method, boolean zero)
      throws IOException {
    float[] reference = new float[4 * LENGTH];
    for (int i = 0; i < reference.length && !zero; i++) {
      reference[i] = ACGT[i % 4];
    }
    return Explained.network(model("golden/models/talgata_keras2.h5"))
        .by(method)
        .profile(RuleProfile.DEEPLIFT)
        .targets(Integer.toString(task))
        .from(0, reference)
        .at(oneHot(sequence));
  }

  /** Summed over the four letters. */
  private static double[] perPosition(double[] contributions) {
    return IntStream.range(0, contributions.length / 4)
        .mapToDouble(i -> Arrays.stream(contributions, 4 * i, 4 * i + 4).sum())
        .toArray();
  }

  @ParameterizedTest(name = "genomics {2} of task {1}")
  @CsvSource({
    "gata_tal1_1902, 0, genomics-default, false, 1.933880,"
        + " 155=.877690 158=.763647 176=.743460 173=.732729 154=.658827, 161=-.443717",
    "gata_tal1_1902, 0, rescale, false, 1.933880,"
        + " 155=.308899 158=.273064 176=.245810 173=.237602 154=.237477, 161=-.136961",
    "gata_tal1_1902, 1, genomics-default, false, 2.577226,"
        + " 155=1.529074 158=1.350359 154=1.160919, 161=-.654838",
    "gata_tal1_1902, 2, genomics-default, false, 7.471075,"
        + " 176=1.693244 173=1.625113 175=1.398000, 179=-.623206",
    "gata_tal1_1902, 0, gradient-x-input, false, 1.797264, 155=.472269 154=.459779 156=.411879,",
    "gata_tal1_1184, 0, genomics-default, false, 3.158157,"
        + " 121=.760413 124=.747747 122=.618290,",
    "gata_tal1_1184, 0, rescale, false, 3.158157, 124=.351508 121=.350779,",
    "gata_tal1_1902, 0, genomics-default, true, 2.433386, 128=1.305707,",
    "gata_tal1_1902, 0, rescale, true, 2.433386, 155=.771412,"
  })
  void genomicsScores(
      String sequence,
      int task,
      String method,
      boolean zero,
      double sum,
      String largest,
      String smallest)
      throws IOException {
    genomics(sequence, task, method, zero)
        .byBackend()
        .forEach(
            (backend, found) -> {
              double[] scores = perPosition(found.contributions(0).doubles());
              assertThat(Arrays.stream(scores).sum()).as(backend).isCloseTo(sum, within(2e-5));
              assertLargest(scores, largest, TOLERANCE);
              if (smallest != null) {
                assertSmallest(scores, smallest, TOLERANCE);
              }
            });
  }

  @ParameterizedTest(name = "genomics logit of {0}, task {1}")
  @CsvSource({
    "gata_tal1_1902, 0, 1.838820, -.095060, -.594566",
    "gata_tal1_1902, 1, 2.848795, .271569, -.120636",
    "gata_tal1_1902, 2, 7.352936, -.118140, -.519187",
    "gata_tal1_1184, 0, 3.063097, -.095060, -.594566",
    "gata_tal1_1184, 1, 4.886737, .271569, -.120636",
    "gata_tal1_1184, 2, 13.148848, -.118140, -.519187"
  })
  void genomicsLogits(String sequence, int task, double logit, double ofFlat, double ofZero)
      throws IOException {
    genomics(sequence, task, "rescale", false)
        .byBackend()
        .forEach(
            (backend, found) -> {
              assertThat(found.predictions().get(0)).isCloseTo(logit, within(2e-5));
              assertThat(found.referencePredictions().get(0)).isCloseTo(ofFlat, within(5e-6));
            });
    genomics(sequence, task, "rescale", true)
        .byBackend()
        .forEach(
            (backend, found) ->
                assertThat(found.referencePredictions().get(0)).isCloseTo(ofZero, within(5e-6)));
  }

  /** Letters A, C, G, T of one position. */
  @ParameterizedTest(name = "genomics {0}, hypothetical {1} of position {2}")
  @CsvSource({
    "genomics-default, true, 155, .877690, -.575948, -.278990, -.307731",
    "genomics-default, true, 156, .032141, -.903824, -.102635, .638831",
    "genomics-default, false, 155, .691702, -.761937, -.464979, -.493720",
    "rescale, true, 155, .308899, -.201277, -.096679, -.110262"
  })
  void genomicsHypotheticalScoresAndMultipliers(
      String method, boolean hypothetical, int position, double a, double c, double g, double t)
      throws IOException {
    genomics("gata_tal1_1902", 0, method, false)
        .byBackend()
        .forEach(
            (backend, found) -> {
              double[] scores =
                  (hypothetical ? found.hypothetical(0) : found.multipliers(0)).doubles();
              assertThat(Arrays.copyOfRange(scores, 4 * position, 4 * position + 4))
                  .as(backend)
                  .containsExactly(new double[] {a, c, g, t}, within(TOLERANCE));
            });
  }
}
