package org.deepliftspark.engine.rule;

import java.util.Arrays;
import java.util.List;
import org.deepliftspark.engine.InvalidInputException;

/**
 * How a network is explained. Most methods are one backward pass; they differ in the points between
 * which slopes are taken and in the rule of activations (the unified view of Ancona et al., ICLR
 * 2018). The others ask the network for predictions or gradients at points of their own.
 *
 * @param kind which method
 * @param count steps of the integral, noise draws, cells of a window, orderings; otherwise 1
 * @param stride of the window, for occlusion; otherwise 1
 * @param amount epsilon, gamma, alpha or the noise's standard deviation; otherwise 0
 * @param quadrature points of the integral, for integrated gradients
 * @param layer whose map Grad-CAM takes, or null for the last convolution's
 */
public record Method(
    Kind kind, int count, int stride, double amount, Quadrature quadrature, String layer) {

  /** The methods. */
  public enum Kind {
    /** DeepLIFT with the Rescale rule. */
    RESCALE("rescale", "", Points.REFERENCE_TO_INPUT),
    /** DeepLIFT with the RevealCancel rule at every activation. */
    REVEAL_CANCEL("reveal-cancel", "", Points.REFERENCE_TO_INPUT),
    /** DeepLIFT with RevealCancel after dense layers and Rescale after convolutions. */
    GENOMICS_DEFAULT("genomics-default", "", Points.REFERENCE_TO_INPUT),
    /** The gradient at the input; its contributions are gradient x (input - reference). */
    GRADIENT("gradient", "", Points.INPUT),
    /** The gradient at the input; its contributions are gradient x input. */
    GRADIENT_X_INPUT("gradient-x-input", "", Points.INPUT),
    /**
     * The gradient at the input, without what is negative behind each activation (Springenberg et
     * al. 2014).
     */
    GUIDED_BACKPROP("guided-backprop", "", Points.INPUT),
    /** The same multipliers; contributions are multiplier x input. */
    GUIDED_BACKPROP_X_INPUT("guided-backprop-x-input", "", Points.INPUT),
    /** Activations applied to what comes back (Zeiler and Fergus 2013). */
    DECONVNET("deconvnet", "", Points.INPUT),
    /** Guided backpropagation with the slopes of Rescale in place of derivatives. */
    GUIDED_BACKPROP_RESCALE("guided-backprop-rescale", "", Points.REFERENCE_TO_INPUT),
    /** Activations taken for the identity on the way back. */
    PASS_THROUGH("pass-through", "", Points.REFERENCE_TO_INPUT),
    /**
     * Layer-wise relevance propagation (Bach et al. 2015): slopes are f(z) / z, with epsilon in the
     * denominator; contributions are multiplier x input.
     */
    EPSILON_LRP("epsilon-lrp", ":EPS", Points.INPUT),
    /** The same with positive weights of each layer raised (Montavon et al. 2019). */
    GAMMA_LRP("gamma-lrp", ":GAMMA", Points.INPUT),
    /** The same with what raises and what lowers a unit apart (Bach et al. 2015, equation 60). */
    ALPHA_BETA_LRP("alpha-beta-lrp", ":ALPHA", Points.INPUT),
    /** The mean gradient on the straight way from reference to input (Sundararajan et al. 2017). */
    INTEGRATED_GRADIENTS("integrated-gradients", ":STEPS[:QUADRATURE]", Points.PATH),
    /** The channels of a layer, weighted by their mean gradients (Selvaraju et al. 2017). */
    GRAD_CAM("grad-cam", "[:LAYER]", Points.INPUT),
    /** Guided backpropagation times the map of Grad-CAM. */
    GUIDED_GRAD_CAM("guided-grad-cam", "[:LAYER]", Points.INPUT),
    /** The mean gradient around the input (Smilkov et al. 2017). */
    SMOOTHGRAD("smoothgrad", ":N:SIGMA", Points.GRADIENTS),
    /** The gradient at a random point between each reference and the input (Erion et al. 2019). */
    EXPECTED_GRADIENTS("expected-gradients", "", Points.GRADIENTS),
    /** What is lost where a window is replaced by the reference (Zeiler and Fergus 2013). */
    OCCLUSION("occlusion", ":WINDOW[:STRIDE]", Points.PREDICTIONS),
    /** What each other letter at each position would change. */
    IN_SILICO_MUTAGENESIS("in-silico-mutagenesis", "", Points.PREDICTIONS),
    /** Shapley values of positions over random orderings (Castro et al. 2009). */
    SHAPLEY_SAMPLING("shapley-sampling", ":N", Points.PREDICTIONS);

    private final String key;
    private final String parameters;
    private final Points points;

    Kind(String key, String parameters, Points points) {
      this.key = key;
      this.parameters = parameters;
      this.points = points;
    }

    /** Name in options. */
    public String key() {
      return key;
    }

    /** Name in options with its parameters. */
    String form() {
      return key + parameters;
    }
  }

  /** Between which points slopes are taken, or what is asked at points of the method's own. */
  enum Points {
    REFERENCE_TO_INPUT,
    INPUT,
    PATH,
    GRADIENTS,
    PREDICTIONS
  }

  public static final Method RESCALE = plain(Kind.RESCALE);
  public static final Method GRADIENT = plain(Kind.GRADIENT);

  static Method plain(Kind kind) {
    return new Method(kind, 1, 1, 0, Quadrature.MIDPOINT, null);
  }

  /**
   * Reads a name such as {@code rescale} or {@code integrated-gradients:50}.
   *
   * @throws InvalidInputException if there is no such method
   */
  public static Method of(String name) {
    return MethodParser.parse(name);
  }

  /** How methods are written in options. */
  public static List<String> forms() {
    return Arrays.stream(Kind.values()).map(Kind::form).toList();
  }

  Points points() {
    return kind.points;
  }

  /** Whether it asks the network at points of its own, rather than being one backward pass. */
  public boolean asksPoints() {
    return asksGradients() || kind.points == Points.PREDICTIONS;
  }

  /** Whether it asks for gradients at points of its own. */
  public boolean asksGradients() {
    return kind.points == Points.GRADIENTS;
  }

  /** Whether it draws random numbers, so that rows need a seed. */
  public boolean isRandom() {
    return kind == Kind.SMOOTHGRAD
        || kind == Kind.EXPECTED_GRADIENTS
        || kind == Kind.SHAPLEY_SAMPLING;
  }

  /** Whether there is a number per delta of each input; what is lost in a window has none. */
  public boolean hasMultipliers() {
    return kind != Kind.GRAD_CAM && kind != Kind.OCCLUSION && kind != Kind.SHAPLEY_SAMPLING;
  }

  /** Whether contributions are multiplier x input, whatever the reference. */
  boolean timesInput() {
    return kind == Kind.GRADIENT_X_INPUT || kind == Kind.GUIDED_BACKPROP_X_INPUT || isLrp();
  }

  /** Whether it is layer-wise relevance propagation. */
  boolean isLrp() {
    return kind == Kind.EPSILON_LRP || kind == Kind.GAMMA_LRP || kind == Kind.ALPHA_BETA_LRP;
  }

  /** Whether activations drop what is negative behind them. */
  boolean isGuided() {
    return kind == Kind.GUIDED_BACKPROP
        || kind == Kind.GUIDED_BACKPROP_X_INPUT
        || kind == Kind.GUIDED_GRAD_CAM;
  }

  /** Whether it takes the map of a layer. */
  public boolean takesLayer() {
    return kind == Kind.GRAD_CAM || kind == Kind.GUIDED_GRAD_CAM;
  }

  /** Length of the axis of samples in the method's program. */
  int samples() {
    return kind.points == Points.PATH ? count : 1;
  }
}
