package org.deepliftspark.job.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ChartTest {

  /** Fails if it is no XML. */
  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Element> all(Document svg, String tag) {
    List<Element> found = new ArrayList<>();
    NodeList nodes = svg.getElementsByTagName(tag);
    for (int i = 0; i < nodes.getLength(); i++) {
      found.add((Element) nodes.item(i));
    }
    return found;
  }

  private static List<String> texts(Document svg) {
    return all(svg, "text").stream().map(Element::getTextContent).toList();
  }

  @Test
  void linesGoThroughTheirPointsAndLeaveGaps() throws Exception {
    Chart chart = new Chart("Title", "n", "share");
    chart.add("a", 0, .5, 1);
    chart.add("b", 1, Double.NaN, 0);
    Document svg = parsed(chart.lines(new double[] {0, 1, 2}, 0, 2));
    List<Element> paths = all(svg, "path");
    assertThat(paths).hasSize(2);
    assertThat(paths.get(0).getAttribute("d")).matches("M[0-9. ]+ L[0-9. ]+ L[0-9. ]+");
    assertThat(paths.get(1).getAttribute("d")).matches("M[0-9. ]+ M[0-9. ]+");
    assertThat(all(svg, "circle")).hasSize(5);
    assertThat(texts(svg)).contains("Title", "n", "share", "a", "b", "0", "2", "0.2", "1");
  }

  @Test
  void namesAreTextsWhateverTheyHold() throws Exception {
    String hostile = "</text><script>alert('x')</script>\"&\u0007\ufffe\ud800";
    Chart chart = new Chart(hostile, hostile, hostile);
    chart.add(hostile, 0, 1);
    Document svg = parsed(chart.lines(new double[] {0, 1}, 0, 1));
    assertThat(all(svg, "script")).isEmpty();
    assertThat(texts(svg)).contains("</text><script>alert('x')</script>\"&???");
  }

  @Test
  void barsStandOnZero() throws Exception {
    Chart chart = new Chart("t", "", "");
    chart.add("up", 2, 4);
    chart.add("down", -2, Double.NaN);
    Document svg = parsed(chart.bars("first", "second"));
    List<Element> bars =
        all(svg, "rect").stream().filter(r -> !r.getAttribute("width").endsWith("%")).toList();
    // up, its legend, down, its legend
    assertThat(bars).hasSize(5);
    double two = Double.parseDouble(bars.get(0).getAttribute("height"));
    assertThat(Double.parseDouble(bars.get(1).getAttribute("height")))
        .isCloseTo(2 * two, within(.2));
    double bottom = Double.parseDouble(bars.get(0).getAttribute("y")) + two;
    assertThat(Double.parseDouble(bars.get(3).getAttribute("y"))).isCloseTo(bottom, within(.2));
    assertThat(texts(svg)).contains("first", "second", "up", "down");
  }

  @Test
  void textsAreEscaped() throws Exception {
    String hostile = "</text><script>alert('&\"')</script>\u0000\u0007";
    Chart chart = new Chart(hostile, hostile, hostile);
    chart.add(hostile, 1);
    Document svg = parsed(chart.bars(hostile));
    assertThat(all(svg, "script")).isEmpty();
    assertThat(texts(svg)).contains("</text><script>alert('&\"')</script>??");
  }

  @Test
  void chartsOfNothingOrOneNumberAreCharts() throws Exception {
    Chart empty = new Chart("t", "x", "y");
    empty.add("nothing", Double.NaN);
    parsed(empty.bars("a"));
    Chart flat = new Chart("t", "x", "y");
    flat.add("flat", 5, 5);
    assertThat(texts(parsed(flat.lines(new double[] {1, 2})))).contains("5");
  }
}
