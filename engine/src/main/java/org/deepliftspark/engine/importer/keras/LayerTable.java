package org.deepliftspark.engine.importer.keras;

import static org.deepliftspark.engine.graph.Op.Reduction.MAX;
import static org.deepliftspark.engine.graph.Op.Reduction.MEAN;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deepliftspark.engine.graph.Op;

/** Which class of layer is read by what. A new layer is a line here and its reader. */
final class LayerTable {
  private static final Map<String, LayerReader> READERS = new HashMap<>();

  /** Names that only old versions of Keras wrote; they are read but not advertised. */
  private static final Map<String, LayerReader> FORMER = new HashMap<>();

  static {
    READERS.put("Dense", AffineLayers::dense);
    READERS.put("BatchNormalization", AffineLayers::batchNormalization);
    READERS.put("LayerNormalization", NormLayers::layer);
    READERS.put("RMSNormalization", NormLayers::rootMeanSquare);
    READERS.put("GroupNormalization", NormLayers::group);
    READERS.put("Rescaling", AffineLayers::rescaling);
    READERS.put("Normalization", AffineLayers::normalization);
    READERS.put("UnitNormalization", NormLayers::unit);
    READERS.put("Embedding", EmbeddingLayers::embed);
    READERS.put("EinsumDense", MoreDenseLayers::einsum);
    READERS.put("MultiHeadAttention", AttentionLayers::multiHead);
    READERS.put("GroupedQueryAttention", AttentionLayers::groupQuery);
    READERS.put("Attention", AttentionLayers::plain);
    READERS.put("AdditiveAttention", AttentionLayers::additive);
    READERS.put("TimeDistributed", WrapperLayers::timeDistributed);
    READERS.put("SpectralNormalization", WrapperLayers::spectral);
    READERS.put("Conv1D", ConvLayers.plain(1));
    READERS.put("Conv2D", ConvLayers.plain(2));
    READERS.put("Conv3D", ConvLayers.plain(3));
    READERS.put("Conv1DTranspose", ConvLayers.transposed(1));
    READERS.put("Conv2DTranspose", ConvLayers.transposed(2));
    READERS.put("Conv3DTranspose", ConvLayers.transposed(3));
    READERS.put("LocallyConnected1D", LocalLayers.of(1));
    READERS.put("LocallyConnected2D", LocalLayers.of(2));
    READERS.put("DepthwiseConv1D", ConvLayers.depthwise(1));
    READERS.put("DepthwiseConv2D", ConvLayers.depthwise(2));
    READERS.put("SeparableConv1D", ConvLayers.separable(1));
    READERS.put("SeparableConv2D", ConvLayers.separable(2));
    READERS.put("Activation", Activations::activation);
    READERS.put("ReLU", Activations::parametric);
    READERS.put("LeakyReLU", Activations::parametric);
    READERS.put("ELU", Activations::parametric);
    READERS.put("PReLU", Activations::prelu);
    READERS.put("Softmax", Activations::softmaxLayer);
    READERS.put("MaxPooling1D", PoolLayers.max(1));
    READERS.put("MaxPooling2D", PoolLayers.max(2));
    READERS.put("MaxPooling3D", PoolLayers.max(3));
    READERS.put("AveragePooling1D", PoolLayers.average(1));
    READERS.put("AveragePooling2D", PoolLayers.average(2));
    READERS.put("AveragePooling3D", PoolLayers.average(3));
    READERS.put("GlobalAveragePooling1D", PoolLayers.global(1, MEAN));
    READERS.put("GlobalAveragePooling2D", PoolLayers.global(2, MEAN));
    READERS.put("GlobalAveragePooling3D", PoolLayers.global(3, MEAN));
    READERS.put("GlobalMaxPooling1D", PoolLayers.global(1, MAX));
    READERS.put("GlobalMaxPooling2D", PoolLayers.global(2, MAX));
    READERS.put("GlobalMaxPooling3D", PoolLayers.global(3, MAX));
    for (int axes = 1; axes <= 3; axes++) {
      READERS.put("AdaptiveAveragePooling" + axes + "D", PoolLayers.adaptiveAverage(axes));
      READERS.put("AdaptiveMaxPooling" + axes + "D", PoolLayers.adaptiveMax(axes));
    }
    READERS.put("Flatten", ShapeLayers::flatten);
    READERS.put("Reshape", ShapeLayers::reshape);
    READERS.put("Permute", ShapeLayers::permute);
    READERS.put("RepeatVector", ShapeLayers::repeatVector);
    READERS.put("UpSampling1D", ShapeLayers.upSampling(1));
    READERS.put("UpSampling2D", ShapeLayers.upSampling(2));
    READERS.put("UpSampling3D", ShapeLayers.upSampling(3));
    READERS.put("ZeroPadding1D", ShapeLayers.zeroPadding(1));
    READERS.put("ZeroPadding2D", ShapeLayers.zeroPadding(2));
    READERS.put("ZeroPadding3D", ShapeLayers.zeroPadding(3));
    READERS.put("Cropping1D", ShapeLayers.cropping(1));
    READERS.put("Cropping2D", ShapeLayers.cropping(2));
    READERS.put("Cropping3D", ShapeLayers.cropping(3));
    READERS.put("Add", MergeLayers.fold(Op.Arithmetic.ADD));
    READERS.put("Subtract", MergeLayers.fold(Op.Arithmetic.SUBTRACT));
    READERS.put("Multiply", MergeLayers.fold(Op.Arithmetic.MULTIPLY));
    READERS.put("Minimum", MergeLayers.fold(Op.Arithmetic.MINIMUM));
    READERS.put("Maximum", MergeLayers.fold(Op.Arithmetic.MAXIMUM));
    READERS.put("Dot", MoreDenseLayers::dotLayer);
    READERS.put("Average", MergeLayers::average);
    READERS.put("Concatenate", MergeLayers::concatenate);
    for (String identity :
        List.of(
            "Identity",
            "Dropout",
            "SpatialDropout1D",
            "SpatialDropout2D",
            "SpatialDropout3D",
            "AlphaDropout",
            "GaussianDropout",
            "GaussianNoise",
            "ActivityRegularization")) {
      READERS.put(identity, c -> c.keep(new Op.Identity()));
    }

    FORMER.put("Convolution1D", ConvLayers.plain(1));
    FORMER.put("Convolution2D", ConvLayers.plain(2));
    FORMER.put("AtrousConvolution1D", ConvLayers.plain(1));
    FORMER.put("AtrousConvolution2D", ConvLayers.plain(2));
    FORMER.put("SeparableConvolution1D", ConvLayers.separable(1));
    FORMER.put("SeparableConvolution2D", ConvLayers.separable(2));
    FORMER.put("TimeDistributedDense", AffineLayers::dense);
    FORMER.put("MaxoutDense", MoreDenseLayers::maxout);
    FORMER.put("Highway", MoreDenseLayers::highway);
    FORMER.put("BatchNormalizationV1", AffineLayers::batchNormalization);
    FORMER.put("BatchNormalizationV2", AffineLayers::batchNormalization);
    FORMER.put("ThresholdedReLU", Activations::parametric);
    FORMER.put("Merge", MergeLayers::merge);
  }

  private LayerTable() {}

  /** The reader of a layer, or null if there is none. */
  static LayerReader reader(LayerConfig layer) {
    if (layer.isOperation()) {
      return Operations.of(layer.className());
    } else if (isTensorFlowOperation(layer)) {
      return Operations.ofTensorFlow(layer);
    } else if (!layer.isBuiltIn()) {
      return CustomLayers.find(layer);
    } else if (layer.className().equals("Lambda")) {
      return layer.config().has(LambdaLayers.SETTING) ? LambdaLayers::read : null;
    }
    LayerReader reader = READERS.get(layer.className());
    reader = reader == null ? FORMER.get(layer.className()) : reader;
    reader = reader == null && layer.isBareOperation() ? Operations.of(layer.className()) : reader;
    return reader == null ? CustomLayers.find(layer) : reader;
  }

  /** Whether a layer is read by what is listed here. */
  static boolean isBuiltIn(LayerConfig layer) {
    return layer.isBuiltIn()
        && (READERS.containsKey(layer.className()) || FORMER.containsKey(layer.className()));
  }

  static boolean isTensorFlowOperation(LayerConfig layer) {
    return layer.className().equals("TFOpLambda") || layer.className().equals("SlicingOpLambda");
  }

  static List<String> supported() {
    return READERS.keySet().stream().sorted().toList();
  }
}
