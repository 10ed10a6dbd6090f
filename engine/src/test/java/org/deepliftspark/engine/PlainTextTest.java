package org.deepliftspark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.deepliftspark.engine.graph.Graph;
import org.deepliftspark.engine.graph.GraphBuilder;
import org.deepliftspark.engine.graph.Op;
import org.deepliftspark.engine.graph.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PlainTextTest {

  private static String line(String text) {
    return PlainText.line(text, 1000);
  }

  @Test
  void lineEndsWithTheirBlanksBecomeOneBlank() {
    assertThat(line("a  \r\n\t b\u2028c\nd\n")).isEqualTo("a b c d");
    assertThat(line("  a  b ")).isEqualTo("  a  b ");
  }

  @Test
  void whatATerminalObeysOrHidesIsShownAsAQuestionMark() {
    assertThat(line("\u001b[31m\u009b\u0000\u202e\ud800x\ufffe")).isEqualTo("?[31m????x?");
    assertThat(line("caf\u00e9 \ud83e\uddec \u03b2")).isEqualTo("caf\u00e9 \ud83e\uddec \u03b2");
  }

  @Test
  void whatIsTooLongIsCut() {
    assertThat(PlainText.line("abcdef", 3)).isEqualTo("abc...");
    assertThat(PlainText.line("abc", 3)).isEqualTo("abc");
    assertThat(new InvalidInputException("x".repeat(1_000_000)).getMessage()).hasSize(8003);
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS)
  void aMillionBlanksTakeNoTime() {
    assertThat(line("a" + " ".repeat(1_000_000) + "b")).hasSize(1003);
    assertThat(line("\n ".repeat(1_000_000) + "b")).isEqualTo(" b");
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS)
  void namesOfNodesAreShownPlainAndManyMayBeAlike() {
    GraphBuilder builder = new GraphBuilder("net\u001b[2J\nx");
    var last = builder.input("in\u0007\n", Shape.of(2));
    for (int i = 0; i < 30_000; i++) {
      last = builder.add("same\n", new Op.Identity(), last);
    }
    builder.output("out\t", last);
    Graph graph = builder.build();
    assertThat(graph.name()).isEqualTo("net?[2J x");
    assertThat(graph.inputs().get(0).name()).isEqualTo("in?");
    assertThat(graph.nodes().get(2).name()).isEqualTo("same_1");
    assertThat(graph.nodes().get(30_000).name()).isEqualTo("same_29999");
    assertThat(graph.outputs()).containsOnlyKeys("out?");
  }
}
