package org.deepliftspark.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.deepliftspark.job.cli.TextLogo.Label;
import org.deepliftspark.job.cli.TextLogo.Region;
import org.deepliftspark.job.cli.TextLogo.Site;
import org.junit.jupiter.api.Test;

class TextLogoTest {
  private static final float[] STEPS = {3, -1.5f, 0.1f, 1, 2};

  private final TextLogo plain = new TextLogo(false);

  @Test
  void stacksLettersAboveAndBelowTheZeroLine() {
    assertThat(plain.draw("ACGTA", STEPS, List.of(new Region(0, 5)), List.of()))
        .isEqualTo(
            """
              A
              A
              A   A
              A   A
              A  TA
              A  TA
              -----
               C
               C
               C
              ACGTA
              1   5
            """);
  }

  @Test
  void drawsOnlyTheRegionToItsOwnScaleAndNamesItsPositionsFromOne() {
    assertThat(plain.draw("ACGTA", STEPS, List.of(new Region(1, 4)), List.of()))
        .isEqualTo(
            """
                T
                T
                T
                T
              ---
              C
              C
              C
              C
              C
              C
              CGT
              2 4
            """);
  }

  @Test
  void drawsRegionsSideBySideToOneScale() {
    List<Region> regions = List.of(new Region(0, 1), new Region(3, 5));
    List<Label> labels = List.of(new Label("GATA", 3, 5));

    assertThat(plain.draw("ACGTA", STEPS, regions, labels))
        .isEqualTo(
            """
              A
              A
              A     A
              A     A
              A    TA
              A    TA
              -    --
              A    TA
                   GA
              1-1    4-5
            """);
  }

  @Test
  void namesLabelledStretchesAndLeavesOthersOut() {
    List<Label> labels = List.of(new Label("TAL", 1, 9), new Label("GATA", 20, 24));

    assertThat(plain.draw("ACGTACGTAC", new float[10], List.of(new Region(0, 10)), labels))
        .isEqualTo("  ----------\n  ACGTACGTAC\n   TAL=====\n  1       10\n");
  }

  @Test
  void cutsALabelAtTheEdgeOfTheRegion() {
    assertThat(
            plain.draw(
                "ACGTACGTAC",
                new float[10],
                List.of(new Region(2, 6)),
                List.of(new Label("TAL1", 0, 5))))
        .contains("\n  L1=\n");
  }

  @Test
  void drawsAFlatLineWhereNothingContributes() {
    assertThat(plain.draw("acgtn", new float[5], List.of(new Region(0, 5)), List.of()))
        .isEqualTo("  -----\n  ACGTN\n  1   5\n");
  }

  @Test
  void coloursEachBaseAndLeavesUnknownOnesPlain() {
    String logo =
        new TextLogo(true).draw("ACGTN", new float[5], List.of(new Region(0, 5)), List.of());

    assertThat(logo)
        .contains(
            "\u001b[32mA\u001b[0m\u001b[34mC\u001b[0m\u001b[38;5;208mG\u001b[0m\u001b[31mT\u001b[0mN\n");
  }

  @Test
  void coloursNothingButLetters() {
    String logo = new TextLogo(true).draw("ACGTA", STEPS, List.of(new Region(0, 5)), List.of());

    assertThat(logo.replaceAll("\u001b\\[[0-9;]*m", ""))
        .isEqualTo(plain.draw("ACGTA", STEPS, List.of(new Region(0, 5)), List.of()));
  }

  @Test
  void findsTheBestWindowsThatDoNotOverlap() {
    float[] contributions = {0, 1, 3, 1, 0, 0, 2, 2, 0, -5};

    assertThat(TextLogo.topSites(contributions, 3, 5))
        .containsExactly(new Site(1, 4, 5), new Site(5, 8, 4));
  }

  @Test
  void findsNoMoreSitesThanAskedFor() {
    assertThat(TextLogo.topSites(new float[] {1, 1, 5, 5}, 1, 2))
        .containsExactly(new Site(2, 3, 5), new Site(3, 4, 5));
  }

  @Test
  void takesAShortSequenceAsOneWindow() {
    assertThat(TextLogo.topSites(new float[] {1, 2}, 12, 3)).containsExactly(new Site(0, 2, 3));
  }

  @Test
  void findsNoSiteWhereNothingSpeaksForTheTarget() {
    assertThat(TextLogo.topSites(new float[] {-1, 0, -2}, 1, 3)).isEmpty();
    assertThat(TextLogo.topSites(new float[0], 1, 3)).isEmpty();
  }

  @Test
  void measuresHowMuchOfASiteIsShared() {
    Site site = new Site(10, 20, 1);

    assertThat(site.overlap(15, 30)).isEqualTo(5);
    assertThat(site.overlap(0, 100)).isEqualTo(10);
    assertThat(site.overlap(20, 30)).isZero();
  }

  @Test
  void refusesScoresThatDoNotFitTheSequence() {
    assertThatThrownBy(() -> plain.draw("ACG", new float[2], List.of(new Region(0, 2)), List.of()))
        .hasMessage("Cannot draw a sequence of 3 bases with 2 contributions");
    assertThatThrownBy(() -> plain.draw("ACG", new float[3], List.of(new Region(2, 4)), List.of()))
        .hasMessage("Invalid region [2, 4) of a sequence of 3 bases");
    assertThatThrownBy(() -> TextLogo.topSites(new float[3], 0, 1))
        .hasMessage("Invalid sites: width 0, count 1");
  }
}
