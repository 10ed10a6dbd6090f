package org.deepliftspark.engine.importer.keras;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.ModelFormatException;
import org.deepliftspark.engine.importer.ModelSource;

/**
 * A model's architecture and weights, wherever its files keep them.
 *
 * @param file the file's name, for messages
 * @param architecture Keras's own JSON
 * @param version of Keras that wrote the architecture, or null if the files do not say
 * @param weights open until closed
 */
record KerasArchive(String file, JsonNode architecture, String version, WeightStore weights)
    implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIG = "config.json";
  private static final String WEIGHTS = "model.weights.h5";
  private static final String METADATA = "metadata.json";
  private static final String VERSION = "keras_version";
  private static final Set<String> MEMBERS = Set.of(CONFIG, WEIGHTS, METADATA);
  private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final byte[] ZIP = {'P', 'K', 3, 4};

  static boolean isHdf5(byte[] bytes) {
    if (startsWith(bytes, 0, HDF5)) {
      return true;
    }
    // an HDF5 file may follow a block of the user's own, of 512, 1024, 2048, ... bytes
    for (long at = 512; at + HDF5.length <= bytes.length; at *= 2) {
      if (startsWith(bytes, (int) at, HDF5)) {
        return true;
      }
    }
    return false;
  }

  static boolean isZip(byte[] bytes) {
    return startsWith(bytes, 0, ZIP);
  }

  static boolean isJson(byte[] bytes) {
    int at = startsWith(bytes, 0, new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}) ? 3 : 0;
    while (at < bytes.length && Character.isWhitespace(bytes[at])) {
      at++;
    }
    return at < bytes.length && bytes[at] == '{';
  }

  static KerasArchive open(ModelSource source) {
    if (isHdf5(source.bytes())) {
      return ofHdf5(source);
    } else if (isZip(source.bytes())) {
      return ofZip(source);
    }
    return ofJson(source);
  }

  /** The weights given apart, which come before those that are with the architecture. */
  private static WeightStore weights(ModelSource source, Supplier<H5File> own) {
    if (source.weights() == null) {
      return WeightStore.of(own.get());
    } else if (!isHdf5(source.weights())) {
      throw new ModelFormatException(
          "Cannot read the weights of %s: not an HDF5 file (--weights)".formatted(source.name()));
    }
    String file = source.name() + " (weights)";
    MemoryBudget budget = new MemoryBudget(file, source.weights().length);
    return WeightStore.of(H5File.open(file, source.weights(), budget));
  }

  private static KerasArchive ofHdf5(ModelSource source) {
    String file = source.name();
    H5File h5 = H5File.open(file, source.bytes(), new MemoryBudget(file, source.bytes().length));
    String architecture = h5.text(h5.root(), "model_config");
    if (architecture == null) {
      throw new ModelFormatException(
          "Cannot read model %s: it has no architecture (no attribute model_config); if it holds weights alone, give the architecture's .json as --model and this file as --weights"
              .formatted(file));
    }
    String version = h5.text(h5.root(), VERSION);
    return new KerasArchive(file, json(file, architecture), version, weights(source, () -> h5));
  }

  private static KerasArchive ofZip(ModelSource source) {
    String file = source.name();
    byte[] bytes = source.bytes();
    MemoryBudget budget = new MemoryBudget(file, bytes.length);
    Map<String, byte[]> members = members(file, bytes, budget);
    for (String member : List.of(CONFIG, WEIGHTS)) {
      if (!members.containsKey(member)) {
        throw new ModelFormatException(
            "Cannot read model %s: a zip archive without %s, so not a .keras model"
                .formatted(file, member));
      }
    }
    String architecture = new String(members.get(CONFIG), StandardCharsets.UTF_8);
    return new KerasArchive(
        file,
        json(file, architecture),
        members.containsKey(METADATA)
            ? json(file, new String(members.get(METADATA), StandardCharsets.UTF_8))
                .path(VERSION)
                .asText(null)
            : null,
        weights(source, () -> H5File.open(file, members.get(WEIGHTS), budget)));
  }

  private static KerasArchive ofJson(ModelSource source) {
    if (source.weights() == null) {
      throw new InvalidInputException(
          "Cannot import %s: it holds an architecture without weights; give the weights file with --weights FILE.h5"
              .formatted(source.name()));
    }
    JsonNode architecture =
        json(
            source.name(),
            new String(source.bytes(), StandardCharsets.UTF_8).replace("\uFEFF", ""));
    String version = architecture.path(VERSION).asText(null);
    return new KerasArchive(source.name(), architecture, version, weights(source, () -> null));
  }

  private static JsonNode json(String file, String text) {
    try {
      JsonNode json = JSON.readTree(text);
      return json.isTextual() ? JSON.readTree(json.textValue()) : json; // some wrote JSON into JSON
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(
          "Cannot read model %s: damaged architecture, not JSON at line %d, column %d"
              .formatted(
                  file, line(e), e.getLocation() == null ? 0 : e.getLocation().getColumnNr()),
          e);
    }
  }

  private static int line(JsonProcessingException e) {
    return e.getLocation() == null ? 0 : e.getLocation().getLineNr();
  }

  /**
   * Unpacks the members that matter; what they unpack to is charged as it comes. To get past the
   * others they have to be unpacked too, which costs time alone, but may be no more either.
   */
  private static Map<String, byte[]> members(String file, byte[] bytes, MemoryBudget budget) {
    Map<String, byte[]> members = new HashMap<>();
    MemoryBudget passed = new MemoryBudget(file, bytes.length);
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (MEMBERS.contains(entry.getName())) {
          int most = (int) Math.min(budget.left() + 1, Integer.MAX_VALUE - 8);
          byte[] member = zip.readNBytes(most);
          budget.charge(member.length, "'" + entry.getName() + "'");
          members.put(entry.getName(), member);
        } else {
          passed.charge(zip.skip(passed.left() + 1), "'" + entry.getName() + "'");
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new ModelFormatException(
          "Cannot read model %s: damaged or truncated zip archive (%s)"
              .formatted(file, e.getMessage()),
          e);
    }
    return members;
  }

  private static boolean startsWith(byte[] bytes, int at, byte[] signature) {
    if (bytes.length < at + signature.length) {
      return false;
    }
    for (int k = 0; k < signature.length; k++) {
      if (bytes[at + k] != signature[k]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Files of Keras 3 always say so, but for an architecture's own JSON; that of earlier versions
   * does.
   */
  boolean isBeforeKeras3() {
    return version != null && (version.startsWith("1.") || version.startsWith("2."));
  }

  @Override
  public void close() {
    weights.close();
  }
}
