package org.deepliftspark.job;

import org.deepliftspark.engine.DeepLift;
import org.deepliftspark.job.partition.ExecutableCache;

/**
 * What the driver learns by opening the engine, which it does so that whatever is wrong with the
 * model or the backend stops the job before its first task.
 *
 * @param description of the engine, for the record of the run
 * @param preferredRows rows per batch that suit every model; 0 where only the executors know
 */
record EngineTrial(String description, int preferredRows) {

  static EngineTrial of(RunContext run) {
    JobPlan plan = run.plan();
    if (run.options().references().texts().isEmpty()) {
      run.err().println("References: " + plan.spec().references() + " (--references not given)");
    }
    if (run.choice().onGpus()) {
      // the driver may have none: the executors have been asked
      String gpus = plan.spec().backend() + " (" + run.choice().notes().get("gpus") + ")";
      return new EngineTrial(gpus, 0);
    }
    String description = null;
    int preferred = Integer.MAX_VALUE;
    for (JobPlan.Member member : plan.members()) {
      try (ExecutableCache.Lease lease =
              ExecutableCache.instance()
                  .lease(member.spec().key(), () -> member.spec().open(member.graph()));
          DeepLift.Session session = lease.engine().newSession()) {
        description = lease.engine().description();
        preferred = Math.min(preferred, session.preferredRows());
      }
    }
    return new EngineTrial(description, preferred);
  }
}
