package org.deepliftspark.engine.backend;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.program.Program;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Picks a backend by name among those on the class path. {@value #AUTO} takes the first that can
 * run here: one that is the fastest for the program, otherwise in order of preference. Those after
 * it are not even started. Safe for many threads.
 */
public final class Backends {
  /** Name that leaves the choice to this class. */
  public static final String AUTO = "auto";

  private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

  /** Fastest on most programs first; backends that are not listed come last, by name. */
  private static final List<String> PREFERENCE = List.of("onnx", "cpu", "nd4j");

  private Backends() {}

  /**
   * Returns the backend of that name, ready to run; the choice, and every backend passed over, is
   * logged.
   *
   * @param name {@value #AUTO} or one of {@link #names()}
   * @throws InvalidInputException if there is no such backend, or it cannot run in this process
   */
  public static Backend get(String name) {
    return select(name, all());
  }

  /**
   * Returns the backend of that name for a program; {@value #AUTO} takes one that is the fastest
   * for it before others.
   *
   * @throws InvalidInputException if there is no such backend, or it cannot run in this process
   */
  public static Backend get(String name, Program program) {
    return select(name, fastestFirst(all(), program));
  }

  static List<Backend> fastestFirst(List<Backend> backends, Program program) {
    return backends.stream()
        .sorted(Comparator.comparing(backend -> !backend.isFastestFor(program)))
        .toList();
  }

  /** Names of the backends on the class path, preferred first. Starts none. */
  public static List<String> names() {
    return all().stream().map(Backend::name).toList();
  }

  /** The backends on the class path, preferred first. Starts none. */
  static List<Backend> all() {
    // own class loader: Spark's context class loader may know another class path
    ServiceLoader<Backend> found =
        ServiceLoader.load(Backend.class, Backends.class.getClassLoader());
    return ordered(found.stream().map(ServiceLoader.Provider::get).toList());
  }

  static List<Backend> ordered(List<Backend> backends) {
    return backends.stream()
        .sorted(Comparator.comparingInt(Backends::rank).thenComparing(Backend::name))
        .toList();
  }

  private static int rank(Backend backend) {
    int position = PREFERENCE.indexOf(backend.name());
    return position < 0 ? PREFERENCE.size() : position;
  }

  static Backend select(String name, List<Backend> backends) {
    return name.equals(AUTO) ? firstAvailable(backends) : forced(name, backends);
  }

  private static Backend firstAvailable(List<Backend> backends) {
    StringBuilder reasons = new StringBuilder();
    for (Backend backend : backends) {
      Optional<String> reason = backend.unavailable();
      if (reason.isEmpty()) {
        LOG.info("Backend: {}", backend.name());
        return backend;
      }
      LOG.warn("Backend {} not used: {}", backend.name(), reason.get());
      reasons.append(reasons.isEmpty() ? "" : "; ").append(backend.name()).append(": ");
      reasons.append(reason.get());
    }
    throw new InvalidInputException(
        "No backend can run here: "
            + (reasons.isEmpty() ? "there is none on the class path" : reasons));
  }

  private static Backend forced(String name, List<Backend> backends) {
    for (Backend backend : backends) {
      if (backend.name().equals(name)) {
        Optional<String> reason = backend.unavailable();
        if (reason.isPresent()) {
          throw new InvalidInputException(
              "Backend '" + name + "' cannot run here: " + reason.get());
        }
        LOG.info("Backend: {}", name);
        return backend;
      }
    }
    String names = backends.stream().map(Backend::name).collect(Collectors.joining(", "));
    throw new InvalidInputException(
        "Unknown backend '" + name + "': expected one of " + AUTO + ", " + names);
  }
}
