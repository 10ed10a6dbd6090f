package org.deepliftspark.job.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.importer.Models;
import org.deepliftspark.job.Hashes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  @TempDir Path folder;

  private ModelFile read(Path model) {
    HadoopFiles hadoop = new HadoopFiles(new Configuration());
    return ModelFile.read(hadoop, model.toString(), null, Map.of(), Map.of());
  }

  @Test
  void theHashIsOfAllFilesThatHoldWeights() throws Exception {
    Path model = Files.write(folder.resolve("m.onnx"), ExternalWeights.model());
    byte[] weights = ExternalWeights.weights();
    Files.write(folder.resolve(ExternalWeights.FILE), weights);
    ModelFile file = read(model);
    assertThat(((Op.Dense) Models.read(file.source()).find("y").op()).weight().data())
        .containsExactly(1, 2);
    assertThat(file.sha256()).isEqualTo(Hashes.sha256(ExternalWeights.model(), weights));
    weights[7] = 0x41;
    Files.write(folder.resolve(ExternalWeights.FILE), weights);
    assertThat(read(model).sha256()).isNotEqualTo(file.sha256());
  }
}
