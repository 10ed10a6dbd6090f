package org.deepliftspark.job.partition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AlleleDifferenceTest {
  private static final float[] REFERENCE = {1, 2, 3, 4, 5, 6};
  private static final float[] ALTERNATE = {10, 20, 30, 40, 50, 60};

  @Test
  void aSubstitutionComparesEachBaseWithItself() {
    assertThat(new AlleleDifference(2, 1, 1).of(REFERENCE, ALTERNATE, 1))
        .containsExactly(9, 18, 27, 36, 45, 54);
    assertThat(new AlleleDifference(1, 3, 3).of(REFERENCE, ALTERNATE, 1))
        .containsExactly(9, 18, 27, 36, 45, 54);
  }

  @Test
  void insertedBasesCountAtTheLastBaseOfTheReferenceAllele() {
    // reference 0 1 [2] 3 4 5, alternate 0 1 [2 3 4] 5: base 5 is the reference's 3
    assertThat(new AlleleDifference(2, 1, 3).of(REFERENCE, ALTERNATE, 1))
        .containsExactly(9, 18, 30 + 40 + 50 - 3, 60 - 4, -5, -6);
  }

  @Test
  void deletedBasesCountZeroInTheAlternateAllele() {
    // reference 0 [1 2 3] 4 5, alternate 0 [1] 2 3 | 4 5: bases 4 and 5 have no place
    assertThat(new AlleleDifference(1, 3, 1).of(REFERENCE, ALTERNATE, 1))
        .containsExactly(9, 18, -3, -4, 30 - 5, 40 - 6);
  }

  @Test
  void everyChannelIsComparedForItself() {
    assertThat(
            new AlleleDifference(1, 1, 2)
                .of(new float[] {1, 2, 3, 4, 5, 6}, new float[] {10, 20, 30, 40, 50, 60}, 2))
        .containsExactly(9, 18, 30 + 50 - 3, 40 + 60 - 4, -5, -6);
  }
}
