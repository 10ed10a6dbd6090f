package org.deepliftspark.engine.importer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.importer.LayerMapper.Format;

/** The {@link LayerMapper}s on the class path; safe for many threads. */
public final class LayerMappers {
  private LayerMappers() {}

  /** The mapper of a kind of layer, or null. */
  public static LayerMapper find(Format format, String type) {
    return Holder.MAPPERS.get(key(format, type));
  }

  private static String key(Format format, String type) {
    return format + " " + type;
  }

  /** Where jars of {@code spark-submit --jars} are, and where the engine is. */
  private static Map<String, LayerMapper> load() {
    Map<String, LayerMapper> mappers = new LinkedHashMap<>();
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader own = LayerMappers.class.getClassLoader();
    try {
      for (ClassLoader loader : new ClassLoader[] {context == null ? own : context, own}) {
        for (LayerMapper mapper : ServiceLoader.load(LayerMapper.class, loader)) {
          mappers.putIfAbsent(key(mapper.format(), mapper.type()), mapper);
        }
      }
    } catch (ServiceConfigurationError e) {
      throw new InvalidInputException(
          "Cannot load a layer mapper from the class path: " + e.getMessage(), e);
    }
    return mappers;
  }

  private static final class Holder { // loaded when the first unknown layer is met
    static final Map<String, LayerMapper> MAPPERS = load();
  }
}
