package org.deepliftspark.job;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.deepliftspark.job.io.HadoopFiles;

/**
 * The files that a job reads, as their folders list them.
 *
 * @param fingerprint of all paths, sizes and times of modification, in hex
 */
record InputFiles(int files, long bytes, String fingerprint) {

  static InputFiles of(HadoopFiles hadoop, List<String> inputs) {
    StringBuilder text = new StringBuilder();
    int files = 0;
    long bytes = 0;
    for (String input : inputs) {
      for (FileStatus file : hadoop.files(input)) {
        files++;
        bytes += file.getLen();
        text.append(file.getPath())
            .append('|')
            .append(file.getLen())
            .append('|')
            .append(file.getModificationTime())
            .append('\n');
      }
    }
    return new InputFiles(
        files, bytes, Hashes.sha256(text.toString().getBytes(StandardCharsets.UTF_8)));
  }
}
