package org.deepliftspark.engine;

import java.util.List;
import org.deepliftspark.engine.backend.BackendOptions.Precision;
import org.deepliftspark.engine.backend.GpuOptions;
import org.deepliftspark.engine.rule.Method;
import org.deepliftspark.engine.rule.RuleProfile;

/**
 * How a network is explained. Immutable; made by {@link #builder()}, where the defaults stand.
 *
 * @param method name of the method; see {@link Method#of}
 * @param profile which numbers where libraries differ
 * @param targets target strings; none is allowed where the model has one output unit
 * @param references where references come from, one per input of the model
 * @param multipliers whether multipliers are given out
 * @param hypothetical whether hypothetical contributions are given out
 * @param backend {@code auto} or a backend's name
 * @param precision of all arithmetic
 * @param memoryBytes native memory that one session may use; 0 for the backend's own choice
 * @param gpu for backends on GPUs
 */
public record DeepLiftOptions(
    String method,
    RuleProfile profile,
    List<String> targets,
    List<ReferenceMode> references,
    boolean multipliers,
    boolean hypothetical,
    String backend,
    Precision precision,
    long memoryBytes,
    GpuOptions gpu) {

  public static final String METHOD_DEFAULT = Method.Kind.RESCALE.key();
  public static final RuleProfile PROFILE_DEFAULT = RuleProfile.DEFAULT;
  public static final String BACKEND_DEFAULT = "auto";
  public static final Precision PRECISION_DEFAULT = Precision.F32;

  public DeepLiftOptions {
    targets = List.copyOf(targets);
    references = List.copyOf(references);
    Method.of(method);
  }

  /** The same with other references. */
  public DeepLiftOptions withReferences(List<ReferenceMode> others) {
    return new DeepLiftOptions(
        method,
        profile,
        targets,
        others,
        multipliers,
        hypothetical,
        backend,
        precision,
        memoryBytes,
        gpu);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects options. */
  public static final class Builder {

    private String method = METHOD_DEFAULT;
    private RuleProfile profile = PROFILE_DEFAULT;
    private List<String> targets = List.of();
    private List<ReferenceMode> references = List.of();
    private boolean multipliers;
    private boolean hypothetical;
    private String backend = BACKEND_DEFAULT;
    private Precision precision = PRECISION_DEFAULT;
    private long memoryBytes;
    private GpuOptions gpu = GpuOptions.DEFAULT;

    private Builder() {}

    public Builder method(String value) {
      this.method = value;
      return this;
    }

    public Builder profile(RuleProfile value) {
      this.profile = value;
      return this;
    }

    public Builder targets(List<String> value) {
      this.targets = value;
      return this;
    }

    public Builder references(List<ReferenceMode> value) {
      this.references = value;
      return this;
    }

    public Builder multipliers(boolean value) {
      this.multipliers = value;
      return this;
    }

    public Builder hypothetical(boolean value) {
      this.hypothetical = value;
      return this;
    }

    public Builder backend(String value) {
      this.backend = value;
      return this;
    }

    public Builder precision(Precision value) {
      this.precision = value;
      return this;
    }

    public Builder memoryBytes(long value) {
      this.memoryBytes = value;
      return this;
    }

    public Builder gpu(GpuOptions value) {
      this.gpu = value;
      return this;
    }

    public DeepLiftOptions build() {
      return new DeepLiftOptions(
          method,
          profile,
          targets,
          references,
          multipliers,
          hypothetical,
          backend,
          precision,
          memoryBytes,
          gpu);
    }
  }
}
