package org.deepliftspark.job;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.backend.Backend;
import org.deepliftspark.engine.backend.BackendOptions;
import org.deepliftspark.engine.backend.Backends;
import org.deepliftspark.job.partition.EngineSpec;
import org.deepliftspark.job.partition.GpuProbe;
import org.deepliftspark.job.partition.GpuUse;

/**
 * What a job computes on, settled once on the driver: all executors the same, unless {@code
 * --allow-mixed-devices} is given.
 *
 * @param spec with the name of the backend instead of {@code auto}
 * @param notes for {@code run.json}
 */
record BackendChoice(EngineSpec spec, Map<String, Object> notes) {

  /**
   * Settles the backend that the options ask for. {@code auto} takes GPUs where the executors are
   * configured with some, this build has a backend for them and they work; otherwise it says why
   * not, and takes the processor.
   *
   * @param before name of the backend of the run that is resumed, or null
   * @throws InvalidInputException if a backend that was asked for by its name cannot run
   */
  static BackendChoice settle(
      GpuScheduling gpus, JobPlan plan, JobOptions options, String before, PrintStream err) {
    Settling settling = new Settling(gpus, plan, options.engine(), err);
    String asked = options.engine().backend();
    String name = isAuto(asked) && before != null ? before : asked;
    EngineSpec spec =
        isAuto(name)
            ? settling.auto(name)
            : Backends.named(name).onGpu() ? settling.onGpus(name) : settling.onProcessor(name);
    settling.notes.put("asked", asked);
    settling.notes.put("backend", spec.backend());
    return new BackendChoice(spec, settling.notes);
  }

  /**
   * The same for sessions that cannot say what their executors have: the processor.
   *
   * @throws InvalidInputException if a backend for GPUs was asked for, or one that cannot run
   */
  static EngineSpec onProcessor(JobPlan plan, JobOptions options) {
    String name = options.engine().backend();
    if (!isAuto(name) && Backends.named(name).onGpu()) {
      Settling.refuseIf(name, Optional.of("the session has no Spark context to schedule GPUs by"));
    }
    return new Settling(null, plan, options.engine(), null).onProcessor(name);
  }

  private static boolean isAuto(String name) {
    return name.equals(Backends.AUTO) || name.equals(Backends.AUTO_TIMED);
  }

  boolean onGpus() {
    return Backends.named(spec.backend()).onGpu();
  }

  /** One choice in the making. */
  private static final class Settling {
    private final GpuScheduling gpus;
    private final JobPlan plan;
    private final JobOptions.Engine options;
    private final PrintStream err;
    private final Map<String, Object> notes = new LinkedHashMap<>();

    Settling(GpuScheduling gpus, JobPlan plan, JobOptions.Engine options, PrintStream err) {
      this.gpus = gpus;
      this.plan = plan;
      this.options = options;
      this.err = err;
    }

    EngineSpec auto(String name) {
      List<Backend> forGpus = Backends.forGpus();
      Optional<String> problem = gpus.problem();
      if (problem.isPresent() || forGpus.isEmpty() && gpus.isLocal()) {
        return onProcessor(name);
      } else if (forGpus.isEmpty()) {
        return withoutGpus(name, "this build has no backend for them (docs/gpu.md)");
      }
      EngineSpec spec = spec(forGpus.get(0).name(), name);
      List<GpuProbe.Answer> answers = answers(spec);
      List<GpuProbe.Answer> failed = failed(answers);
      boolean enough = options.mixedDevices() ? failed.size() < answers.size() : failed.isEmpty();
      if (enough) {
        return spec;
      }
      String some = failed.size() < answers.size() ? "; --allow-mixed-devices uses the others" : "";
      return withoutGpus(
          name,
          failed.size()
              + " of "
              + answers.size()
              + " cannot be used: "
              + failed.get(0).reason()
              + some);
    }

    private EngineSpec withoutGpus(String name, String reason) {
      err.println("GPUs are not used: " + reason);
      notes.put("gpus_not_used", reason);
      return onProcessor(name);
    }

    EngineSpec onGpus(String name) {
      Optional<String> absent = Backends.named(name).absent();
      refuseIf(name, absent.isPresent() ? absent : gpus.problem());
      EngineSpec spec = spec(name, Backends.AUTO);
      List<GpuProbe.Answer> answers = answers(spec);
      List<GpuProbe.Answer> failed = failed(answers);
      if (!failed.isEmpty() && (!options.mixedDevices() || failed.size() == answers.size())) {
        refuseIf(
            name,
            Optional.of(
                failed.get(0).reason()
                    + " (executor "
                    + failed.get(0).executor()
                    + "; "
                    + failed.size()
                    + " of "
                    + answers.size()
                    + " GPUs)"));
      }
      return spec;
    }

    private static void refuseIf(String name, Optional<String> reason) {
      if (reason.isPresent()) {
        throw new InvalidInputException("Backend '" + name + "' cannot run here: " + reason.get());
      }
    }

    EngineSpec onProcessor(String name) {
      return plan.spec().with(processor(name), plan.spec().gpu());
    }

    private EngineSpec spec(String backend, String otherwise) {
      String processor = options.mixedDevices() ? processor(otherwise) : null;
      return plan.spec()
          .with(backend, new GpuUse(options.gpu(), options.mixedDevices(), processor));
    }

    private String processor(String name) {
      EngineSpec spec = plan.spec();
      return Backends.onProcessor(
              name,
              DeepLift.compile(plan.graph(), spec.options()),
              new BackendOptions(spec.precision(), spec.memoryBytes()))
          .name();
    }

    private List<GpuProbe.Answer> answers(EngineSpec spec) {
      int tasks = gpus.isLocal() ? 1 : gpus.spark().sparkContext().defaultParallelism();
      List<GpuProbe.Answer> answers = GpuProbe.ask(gpus.spark(), spec, gpus.profile(), tasks);
      notes.put("gpus", answers.stream().map(Settling::describe).toList());
      return answers;
    }

    private static String describe(GpuProbe.Answer answer) {
      return "executor "
          + answer.executor()
          + ", GPU "
          + answer.device()
          + (answer.reason() == null ? "" : ": " + answer.reason());
    }

    private static List<GpuProbe.Answer> failed(List<GpuProbe.Answer> answers) {
      return answers.stream().filter(answer -> answer.reason() != null).toList();
    }
  }
}
