package org.deepliftspark.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.executor.ExecutorMetrics;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;

/** Rows of tasks that have copies or are repeated; ObservabilityTest has those of a real Spark. */
class LiveRowsTest {
  private final LongAccumulator finished = new LongAccumulator();
  private final LiveRows live = new LiveRows(finished);

  private static TaskInfo task(long id, int partition) {
    return new TaskInfo(
        id, partition, 0, partition, 0, "1", "host", TaskLocality.ANY(), id > partition);
  }

  private void start(long id, int partition) {
    live.onTaskStart(new SparkListenerTaskStart(0, 0, task(id, partition)));
  }

  private void end(long id, int partition) {
    live.onTaskEnd(
        new SparkListenerTaskEnd(
            0, 0, "", null, task(id, partition), new ExecutorMetrics(), new TaskMetrics()));
  }

  @Test
  void ofCopiesOfATaskTheOneThatIsAheadCounts() {
    start(0, 0);
    start(1, 1);
    live.isAt(0, 40);
    live.isAt(1, 100);
    assertThat(live.count()).isEqualTo(140);
    start(2, 0);
    live.isAt(2, 30);
    assertThat(live.count()).isEqualTo(140);
    live.isAt(2, 70);
    assertThat(live.count()).isEqualTo(170);
    finished.add(
        80L); // the copy ends well, with all rows of its partition, and the other is killed
    end(2, 0);
    end(0, 0);
    assertThat(live.count()).isEqualTo(180);
  }

  @Test
  void aTaskThatFailedStartsAgainFromNothing() {
    start(0, 0);
    live.isAt(0, 40);
    end(0, 0);
    assertThat(live.count()).isZero();
    live.isAt(0, 41); // a heartbeat that was under way
    assertThat(live.count()).isZero();
    start(1, 0);
    live.isAt(1, 5);
    assertThat(live.count()).isEqualTo(5);
  }
}
