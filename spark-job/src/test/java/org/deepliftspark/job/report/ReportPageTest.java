package org.deepliftspark.job.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.deepliftspark.engine.encode.GenomicInterval;
import org.deepliftspark.job.scores.ScoreRow;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportPageTest {
  private static final String HOSTILE = "<script>alert('x')</script>\"&\u0007";

  private static ScoreRow sequence(String id) {
    float[] contributions = new float[200];
    for (int i = 0; i < contributions.length; i++) {
      contributions[i] = (float) Math.sin(i);
    }
    return new ScoreRow(
        id,
        "ACGTN".repeat(40),
        new GenomicInterval("chr1", 1, 201, "+"),
        1.5,
        0.25,
        1e-7,
        new int[] {200},
        contributions,
        null);
  }

  private static ScoreRow image() {
    float[] contributions = new float[3 * 4 * 2];
    contributions[0] = 1;
    contributions[7] = -2;
    return new ScoreRow("img", null, null, 1, 0, 0, new int[] {3, 4, 2}, contributions, null);
  }

  private static ReportData data(String name, List<ScoreRow> top, List<float[]> inputs) {
    long[] grid = new long[PositionSums.GRID * PositionSums.GRID];
    grid[5] = 3;
    return new ReportData(
        name,
        name,
        Map.of("Model", name),
        Map.of(name, 3L),
        1000,
        new Histogram(-8, 0.125, new long[] {1, 5, 3}),
        0,
        new ReportData.Masses(-1, 2, -1, 2, PositionSums.GRID, grid),
        new double[] {0, 0.5, -0.25},
        new double[] {1, 0.5, 0.25},
        top,
        inputs,
        List.of(
            new ReportData.MotifRow(
                name,
                name + "2",
                10,
                9,
                8,
                1.25,
                new float[] {1, 0, 0, 0, 0, -1, 0, 0},
                new float[] {.7f, .1f, .1f, .1f, .25f, .25f, .25f, .25f},
                new Histogram(0, 10, new long[] {1, 0, 9}))),
        name);
  }

  private static Document parse(String html) throws Exception {
    String body = html.substring(html.indexOf("<html"));
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Element> elements(Document page, String name) {
    NodeList nodes = page.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  @Test
  void whateverComesFromATableIsEscaped() throws Exception {
    String html =
        ReportPage.html(
            data(HOSTILE, List.of(sequence(HOSTILE)), java.util.Collections.singletonList(null)));
    Document page = parse(html);
    assertThat(html).doesNotContain("<script", "\u0007").contains("&lt;script&gt;");
    assertThat(elements(page, "script")).isEmpty();
    assertThat(elements(page, "h1").get(0).getTextContent())
        .isEqualTo("Contribution scores of target <script>alert('x')</script>\"&\ufffd");
  }

  @Test
  void thePageStandsAloneAndCanBeRead() throws Exception {
    String html =
        ReportPage.html(
            data("x", List.of(sequence("a"), sequence("b")), java.util.Arrays.asList(null, null)));
    Document page = parse(html);
    assertThat(html.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http:", "https:");
    assertThat(page.getDocumentElement().getAttribute("lang")).isEqualTo("en");
    assertThat(elements(page, "h2")).hasSize(5);
    assertThat(elements(page, "svg"))
        .hasSizeGreaterThan(10)
        .allSatisfy(
            svg -> {
              assertThat(svg.getAttribute("role")).isEqualTo("img");
              String label = svg.getAttribute("aria-label");
              if (label.isEmpty()) {
                assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isNotBlank();
                assertThat(svg.getElementsByTagName("desc").item(0).getTextContent()).isNotBlank();
              }
            });
    assertThat(elements(page, "th"))
        .allSatisfy(th -> assertThat(th.hasAttribute("scope")).isTrue());
    assertThat(elements(page, "table"))
        .allSatisfy(
            table -> assertThat(table.getElementsByTagName("caption").getLength()).isEqualTo(1));
    idsAreUniqueAndReferencesLeadSomewhere(page);
    assertThat(html).doesNotContain("NaN", "Infinity");
  }

  private static void idsAreUniqueAndReferencesLeadSomewhere(Document page) {
    List<String> ids = new ArrayList<>();
    List<String> references = new ArrayList<>();
    for (Element element : elements(page, "*")) {
      if (element.hasAttribute("id")) {
        ids.add(element.getAttribute("id"));
      }
      if (element.hasAttribute("aria-labelledby")) {
        references.addAll(List.of(element.getAttribute("aria-labelledby").split(" ")));
      }
      if (element.getAttribute("href").startsWith("#")) {
        references.add(element.getAttribute("href").substring(1));
      }
    }
    assertThat(new TreeSet<>(ids)).hasSize(ids.size()).containsAll(references);
  }

  @Test
  void imagesAreOnAScaleThatIsTheSameOnBothSides() throws Exception {
    float[] input = new float[12];
    input[1] = 1;
    String html =
        ReportPage.html(data("x", List.of(image()), java.util.Collections.singletonList(input)));
    List<Element> pictures = elements(parse(html), "img");
    assertThat(pictures).hasSize(2);
    assertThat(pictures.get(1).getAttribute("alt"))
        .isEqualTo("Contributions over the input of img");
    byte[] png =
        java.util.Base64.getDecoder().decode(pictures.get(1).getAttribute("src").split(",")[1]);
    java.awt.image.BufferedImage picture = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(picture.getWidth()).isEqualTo(4);
    assertThat(picture.getHeight()).isEqualTo(3);
    // The largest, -2 in pixel 3, is full blue; 1 in pixel 0 half red, over black.
    assertThat(picture.getRGB(3, 0) & 0xffffff).isEqualTo(0x1557b0);
    int half = picture.getRGB(0, 0);
    assertThat(half >> 16 & 255).isGreaterThan((half & 255) + 60);
    assertThat(picture.getRGB(1, 0) & 0xffffff).isEqualTo(0xffffff);
    assertThat(html).contains("<span>\u22122</span>", "<span>+2</span>");
  }

  @Test
  void aRunWithoutAnythingToShowSaysSo() throws Exception {
    ReportData empty =
        new ReportData(
            "f",
            "0",
            Map.of(),
            Map.of(),
            0,
            null,
            0,
            new ReportData.Masses(
                0, 1, 0, 1, PositionSums.GRID, new long[PositionSums.GRID * PositionSums.GRID]),
            new double[0],
            new double[0],
            List.of(),
            List.of(),
            List.of(),
            "No motifs yet: run seqlets, then motifs, then report again.");
    String html = ReportPage.html(empty);
    parse(html);
    assertThat(html)
        .contains("No motifs yet", "The table has no convergence deltas.", "<p>None.</p>");
  }
}
