package org.deepliftspark.engine.importer.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deepliftspark.engine.DeepLiftException;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.UnsupportedModelException;
import org.deepliftspark.engine.importer.ModelSource;
import org.deepliftspark.engine.importer.Models;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged and malicious files end in one clear line, within bounds of time and memory. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HostileFilesTest {
  private static final Path FOLDER = KerasFixturesTest.FOLDER;

  @ParameterizedTest
  @ValueSource(ints = {8, 9, 50, 96, 97, 500, 2048, 5000, 10000, -1})
  void truncatedHdf5IsCalledSo(int length) {
    byte[] whole = bytes("sequential/model.h5");
    byte[] part = Arrays.copyOf(whole, length < 0 ? whole.length + length : length);
    assertThatThrownBy(() -> read("model.h5", part))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith("Cannot read model model.h5: ")
        .hasMessageContaining("truncated");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 30, 100, 3000, 20000})
  void truncatedArchivesAreRefused(int length) {
    byte[] part = Arrays.copyOf(bytes("sequential/model.keras"), length);
    assertThatThrownBy(() -> read("model.keras", part))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith("Cannot read model model.keras: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sequential/model.h5",
        "sequential/model.keras",
        "sequential/model_compressed.h5",
        "tf_keras/model.h5",
        "operations/model.keras"
      })
  void randomDamageIsMetWithAMessageOrDoesNoHarm(String file) {
    byte[] whole = bytes(file);
    SplittableRandom random = new SplittableRandom(5);
    int refused = 0;
    for (int trial = 0; trial < 150; trial++) {
      byte[] damaged = whole.clone();
      for (int k = 0; k < 1 + trial % 8; k++) {
        byte value = (byte) (random.nextBoolean() ? 0xFF : random.nextInt(256));
        damaged[random.nextInt(8, damaged.length)] = value;
      }
      refused += isRefused(damaged) ? 1 : 0;
    }
    assertThat(refused).isPositive();
  }

  private static boolean isRefused(byte[] damaged) {
    try {
      read("model", damaged);
      return false;
    } catch (DeepLiftException e) {
      assertThat(e.getMessage()).contains("model").doesNotContain("\n").hasSizeLessThan(3000);
      return true;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"refused_huge.h5", "refused_huge_chunked.h5"})
  void aDatasetThatDeclaresMoreThanItsFileCanHoldIsNotRead(String file) {
    assertThatThrownBy(() -> read("model.h5", bytes(file)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(
            "Cannot read model model.h5: kernel of layer 'dense' would unpack to 1600000000 bytes, more than a file of this size can hold");
  }

  @Test
  void aChunkThatUnpacksToMoreThanAChunkIsNotUnpacked() {
    assertThatThrownBy(() -> read("model.h5", bytes("refused_bomb.h5")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "Cannot read model model.h5: kernel of layer 'dense' unpacks to more than the 32 bytes of a chunk");
  }

  @Test
  void weightsThatLieInAnotherFileAreNotRead() {
    assertThatThrownBy(() -> read("model.h5", bytes("refused_link.h5")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith("Cannot read model model.h5: kernel of layer 'dense' is missing");
  }

  @Test
  void theSizeThatAFilterDeclaresIsNotBelieved() {
    byte[] file = bytes("lzf.h5");
    read("model.h5", file);
    byte[] name = {'l', 'z', 'f', 0};
    int at = 0;
    while (!Arrays.equals(file, at, at + name.length, name, 0, name.length)) {
      at++;
    }
    ByteBuffer values = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int sizeAt = at + 8 + 2 * Integer.BYTES; // behind the padded name: version, library, size
    assertThat(values.getInt(sizeAt)).isEqualTo(32);
    values.putInt(sizeAt, Integer.MAX_VALUE);
    assertThatThrownBy(() -> read("model.h5", file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "Cannot read model model.h5: kernel of layer 'dense' says that a chunk has other than 32 bytes");
  }

  @Test
  void aZipBombIsNotUnpacked() throws IOException {
    byte[] bomb = zip("config.json", 100 << 20);
    assertThat(bomb).hasSizeLessThan(1 << 20);
    assertThatThrownBy(() -> read("model.keras", bomb))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith("Cannot read model model.keras: 'config.json' would unpack to ");
  }

  @Test
  void aZipOfSomethingElseIsCalledSo() throws IOException {
    byte[] zip = zip("data.pkl", 10);
    assertThatThrownBy(() -> read("model.pt", zip))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "Cannot read model model.pt: a zip archive without config.json, so not a .keras model");
  }

  @Test
  void membersThatAreNotReadMayNotUnfoldWithoutEndEither() throws IOException {
    byte[] bomb = zip("assets/x", 100 << 20);
    assertThatThrownBy(() -> read("model.keras", bomb))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith("Cannot read model model.keras: 'assets/x' would unpack to ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[null]"})
  void anInputOfNoAxesIsRefused(String shape) {
    String model =
        "{'class_name': 'Sequential', 'config': {'name': 'n', 'layers': [{'class_name': 'Dense',"
            + " 'config': {'name': 'd', 'units': 2, 'batch_input_shape': %s}}]}}";
    assertThatThrownBy(() -> KerasImporterTest.read(model.formatted(shape).replace('\'', '"')))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageEndingWith("has no axis but the batch's, expected fixed lengths after it");
  }

  @Test
  void anInputLayerThatIsCalledIsRefused() {
    String model =
        "{'class_name': 'Functional', 'config': {'name': 'n', 'layers': ["
            + "{'class_name': 'InputLayer', 'name': 'a', 'config': {'name': 'a', 'batch_input_shape': [null, 4]}, 'inbound_nodes': []},"
            + "{'class_name': 'InputLayer', 'name': 'b', 'config': {'name': 'b', 'batch_input_shape': [null, 4]}, 'inbound_nodes': [[['a', 0, 0, {}]]]}],"
            + " 'input_layers': [['a', 0, 0]], 'output_layers': [['b', 0, 0]]}}";
    assertThatThrownBy(() -> KerasImporterTest.read(model.replace('\'', '"')))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("Invalid architecture in model.json: 'b' (InputLayer) is called like a layer");
  }

  @Test
  void aProductWithoutAxesIsRefused() {
    assertThatThrownBy(() -> KerasImporterTest.read(product("")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            "Invalid axes of layer 'dot' in model.json: expected whole numbers, found nothing");
    assertThatThrownBy(() -> KerasImporterTest.read(product(", 'axes': []")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith("0 axes to sum over, expected 1 or 2");
  }

  private static String product(String axes) {
    String input =
        "{'class_name': 'InputLayer', 'name': '%1$s', 'config': {'name': '%1$s', 'batch_input_shape': [null, 4]}, 'inbound_nodes': []}";
    String model =
        "{'class_name': 'Functional', 'config': {'name': 'n', 'layers': ["
            + input.formatted("a")
            + ", "
            + input.formatted("b")
            + ", {'class_name': 'Dot', 'name': 'dot', 'config': {'name': 'dot'%2$s}, 'inbound_nodes': [[['a', 0, 0, {}], ['b', 0, 0, {}]]]}],"
            + " 'input_layers': [['a', 0, 0], ['b', 0, 0]], 'output_layers': [['dot', 0, 0]]}}";
    return model.replace("%2$s", axes).replace('\'', '"');
  }

  @Test
  void deeplyNestedJsonIsRefused() {
    String deep = "{\"config\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    assertThatThrownBy(() -> KerasImporterTest.read(deep))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith("Cannot read model model.json: damaged architecture, not JSON");
  }

  @Test
  void modelsThatCallEachOtherTwiceAtEveryDepthAreRefused() {
    String model = "";
    for (int depth = 0; depth < 40; depth++) {
      model = twice(model);
    }
    String nested = model;
    assertThatThrownBy(() -> KerasImporterTest.read(nested))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage(
            "Cannot import model.json: more than 100000 nodes once nested models are laid out");
  }

  /** A model that calls another twice in a row, or only passes its input on. */
  private static String twice(String inner) {
    String input =
        "{'class_name': 'InputLayer', 'name': 'x', 'config': {'name': 'x', 'batch_input_shape': [null, 4]}, 'inbound_nodes': []}";
    String call =
        inner.isEmpty()
            ? ""
            : ", "
                + inner.substring(0, inner.length() - 1)
                + ", 'name': 'in', 'inbound_nodes': [[['x', 0, 0]], [['in', 0, 0]]]}";
    String output = inner.isEmpty() ? "['x', 0, 0]" : "['in', 1, 0]";
    return ("{'class_name': 'Functional', 'config': {'name': '%s', 'layers': [%s%s], 'input_layers': [['x', 0, 0]], 'output_layers': [%s]}}")
        .formatted("in", input, call, output)
        .replace('\'', '"');
  }

  private static byte[] zip(String member, int zeros) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
      zip.putNextEntry(new ZipEntry(member));
      byte[] block = new byte[Math.min(zeros, 1 << 20)];
      for (int written = 0; written < zeros; written += block.length) {
        zip.write(block);
      }
    }
    return bytes.toByteArray();
  }

  private static void read(String name, byte[] bytes) {
    Models.read(ModelSource.of(name, bytes));
  }

  private static byte[] bytes(String file) {
    return ModelForward.bytes(FOLDER.resolve(file));
  }
}
