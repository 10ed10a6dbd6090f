package org.deepliftspark.job.fuzz;

import java.util.List;
import java.util.SplittableRandom;

/** Changes a file. The same bytes and the same state of the random give the same result. */
@FunctionalInterface
interface Mutator {
  /** A changed copy. */
  byte[] mutate(byte[] file, SplittableRandom random);

  /** One of several, each as likely as the others. */
  static Mutator anyOf(Mutator... mutators) {
    return (file, random) -> pick(List.of(mutators), random).mutate(file, random);
  }

  /** One after the other. */
  default Mutator then(Mutator next) {
    return (file, random) -> next.mutate(mutate(file, random), random);
  }

  static <T> T pick(List<T> list, SplittableRandom random) {
    return list.get(random.nextInt(list.size()));
  }
}
