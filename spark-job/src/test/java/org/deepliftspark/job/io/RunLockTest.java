package org.deepliftspark.job.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
  @TempDir Path folder;

  @Test
  void aLockThatIsGivenBackWhileItIsRenewedIsGone() throws Exception {
    FileSystem fs = FileSystem.getLocal(new Configuration());
    for (int i = 0; i < 50; i++) {
      RunLock lock =
          RunLock.take(
              fs, new org.apache.hadoop.fs.Path(folder.toString()), "run", Duration.ofMillis(1));
      Thread.sleep(i % 5);
      lock.close();
      assertThat(folder.resolve(RunLock.NAME)).doesNotExist();
    }
  }
}
