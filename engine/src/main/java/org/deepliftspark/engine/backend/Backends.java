package org.deepliftspark.engine.backend;

import java.util.ArrayList;
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
 * Picks a backend by name among those on the class path. {@value #AUTO} takes a GPU where this
 * build has a backend for it and there is one that works; otherwise the backend that is thought the
 * fastest for the program, of those that can run here. Those after it are not even started. Safe
 * for many threads.
 */
public final class Backends {
  /** Name that leaves the choice to this class. */
  public static final String AUTO = "auto";

  /** As {@link #AUTO}, by measuring instead of by the program's cost. */
  public static final String AUTO_TIMED = "auto:timed";

  private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

  /** Fastest on most programs first; those not listed come last, by name. */
  private static final List<String> PREFERENCE =
      List.of("onnx:cuda", "nd4j:cuda", "onnx", "cpu", "nd4j");

  private Backends() {}

  /**
   * Returns the backend of that name, ready to run; the choice, and every backend passed over, is
   * logged.
   *
   * @param name {@value #AUTO}, {@value #AUTO_TIMED} or a backend's name
   * @param program what is to run
   * @throws InvalidInputException if there is no such backend, or it cannot run in this process
   */
  public static Backend get(String name, Program program, BackendOptions options) {
    return select(name, program, options, all());
  }

  /** As {@link #get(String, Program, BackendOptions)}, but without GPUs. */
  public static Backend onProcessor(String name, Program program, BackendOptions options) {
    return select(name, program, options, all().stream().filter(b -> !b.onGpu()).toList());
  }

  /** As {@link #get(String, Program, BackendOptions)}, for any program and no wishes. */
  public static Backend get(String name) {
    return get(name, null, BackendOptions.DEFAULT);
  }

  /**
   * Names of the backends that this process can use, preferred first. Starts those for GPUs that
   * this build has, and no others.
   */
  public static List<String> names() {
    return all().stream()
        .filter(b -> !b.onGpu() || b.absent().isEmpty() && b.unavailable().isEmpty())
        .map(Backend::name)
        .toList();
  }

  /** The backends on the class path, preferred first. Starts none. */
  public static List<Backend> all() {
    // own class loader: Spark's context class loader may know another class path
    ServiceLoader<Backend> found =
        ServiceLoader.load(Backend.class, Backends.class.getClassLoader());
    return ordered(found.stream().map(ServiceLoader.Provider::get).toList(), null);
  }

  /**
   * The backend of a name, without a look at whether it can run.
   *
   * @throws InvalidInputException if there is none
   */
  public static Backend named(String name) {
    return named(name, all());
  }

  /** The backends for GPUs that this build has, preferred first. Starts none. */
  public static List<Backend> forGpus() {
    return all().stream().filter(b -> b.onGpu() && b.absent().isEmpty()).toList();
  }

  /** Makes a program ready, and lets threads take turns where they share a GPU. */
  public static Executable compile(Backend backend, Program program, BackendOptions options) {
    Executable executable = backend.compile(program, options);
    return backend.onGpu() ? SharedGpu.of(executable, options.gpu()) : executable;
  }

  /** GPUs first, then those that are the fastest for the program, then by preference. */
  static List<Backend> ordered(List<Backend> backends, Program program) {
    return backends.stream()
        .sorted(
            Comparator.comparing((Backend backend) -> !backend.onGpu())
                .thenComparing(backend -> program == null || !backend.isFastestFor(program))
                .thenComparingInt(Backends::rank)
                .thenComparing(Backend::name))
        .toList();
  }

  private static int rank(Backend backend) {
    int position = PREFERENCE.indexOf(backend.name());
    return position < 0 ? PREFERENCE.size() : position;
  }

  static Backend select(
      String name, Program program, BackendOptions options, List<Backend> backends) {
    return switch (name) {
      case AUTO -> firstAvailable(ordered(backends, program), options);
      case AUTO_TIMED -> BackendTrial.fastest(available(backends, options), program, options);
      default -> forced(name, options, backends);
    };
  }

  private static List<Backend> available(List<Backend> backends, BackendOptions options) {
    List<Backend> available = backends.stream().filter(b -> reason(b, options).isEmpty()).toList();
    if (available.isEmpty()) {
      firstAvailable(backends, options); // says why
    }
    return available;
  }

  private static Backend firstAvailable(List<Backend> backends, BackendOptions options) {
    List<String> reasons = new ArrayList<>();
    for (Backend backend : backends) {
      Optional<String> reason = reason(backend, options);
      if (reason.isEmpty()) {
        LOG.info("Backend: {}", backend.name());
        return backend;
      }
      if (backend.absent().isEmpty()) {
        LOG.warn("Backend {} not used: {}", backend.name(), reason.get());
        reasons.add(backend.name() + ": " + reason.get());
      }
    }
    throw new InvalidInputException(
        "No backend can run here: "
            + (reasons.isEmpty() ? "there is none on the class path" : String.join("; ", reasons)));
  }

  /** What a build lacks is not asked further. */
  private static Optional<String> reason(Backend backend, BackendOptions options) {
    Optional<String> absent = backend.absent();
    return absent.isPresent() ? absent : backend.unavailable(options);
  }

  private static Backend named(String name, List<Backend> backends) {
    for (Backend backend : backends) {
      if (backend.name().equals(name)) {
        return backend;
      }
    }
    String names = backends.stream().map(Backend::name).collect(Collectors.joining(", "));
    throw new InvalidInputException(
        "Unknown backend '"
            + name
            + "': expected one of "
            + String.join(", ", AUTO, AUTO_TIMED, names));
  }

  private static Backend forced(String name, BackendOptions options, List<Backend> backends) {
    Backend backend = named(name, backends);
    Optional<String> reason = reason(backend, options);
    if (reason.isPresent()) {
      throw new InvalidInputException("Backend '" + name + "' cannot run here: " + reason.get());
    }
    LOG.info("Backend: {}", name);
    return backend;
  }
}
