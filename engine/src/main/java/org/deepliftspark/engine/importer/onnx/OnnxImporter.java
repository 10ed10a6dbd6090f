package org.deepliftspark.engine.importer.onnx;

import java.nio.file.Path;
import java.util.List;
import onnx.Onnx.TensorProto.DataLocation;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.importer.ModelImporter;
import org.deepliftspark.engine.importer.ModelSource;

/**
 * Reads ONNX models, opset 7 to 21. Weights may lie in the file or, as external data, inside the
 * source's folder.
 *
 * <p>The batch axis is stripped and inputs become channels-last, whatever the file says; {@link
 * ModelSource#layoutOf} helps where the file does not tell where its channels are. Stateless, safe
 * for many threads.
 */
public final class OnnxImporter implements ModelImporter {
  private static final int IR_VERSION_TAG = 0x08;
  private static final int NEWEST_IR_VERSION = 64;

  @Override
  public boolean accepts(ModelSource source) {
    byte[] bytes = source.bytes();
    return source.name().endsWith(".onnx") || startsAsModelProto(bytes);
  }

  /**
   * A ModelProto opens with its field 1, the IR version, and goes on with another field of its own.
   */
  private static boolean startsAsModelProto(byte[] bytes) {
    if (bytes.length < 3
        || bytes[0] != IR_VERSION_TAG
        || bytes[1] <= 0
        || bytes[1] > NEWEST_IR_VERSION) {
      return false;
    }
    int wireType = bytes[2] & 7;
    int field = (bytes[2] & 0xff) >> 3;
    return field >= 2 && field <= 25 && (wireType == 0 || wireType == 2);
  }

  @Override
  public Graph read(ModelSource source) {
    OnnxModel model = OnnxModel.parse(source);
    ConstantPool constants = new ConstantPool(model);
    PatternFusion.apply(model, constants);
    FormulaFusion.apply(model, constants);
    return new GraphMapper(model, constants, source).map();
  }

  @Override
  public List<Path> otherFiles(ModelSource source) {
    if (source.folder() == null) {
      return List.of(); // nothing but the file itself is read
    }
    OnnxModel model = OnnxModel.parse(source);
    ExternalData external = new ExternalData(model.file(), source.folder());
    return model.initializers().values().stream()
        .filter(tensor -> tensor.getDataLocation() == DataLocation.EXTERNAL)
        .map(external::file)
        .distinct()
        .sorted()
        .toList();
  }
}
