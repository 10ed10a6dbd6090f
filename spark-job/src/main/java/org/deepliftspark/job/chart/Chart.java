package org.deepliftspark.job.chart;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A chart of several series. Not safe for several threads.
 *
 * <p>Numbers that are not finite leave a gap.
 */
public final class Chart {
  private static final double WIDTH = 860;
  private static final double HEIGHT = 440;
  private static final double LEFT = 80;
  private static final double RIGHT = 260;
  private static final double TOP = 40;
  private static final double BOTTOM = 60;
  private static final int TICKS = 5;
  private static final String GREY = "#cccccc";
  private static final String BLACK = "#333333";

  private final String title;
  private final String across;
  private final String up;
  private final Map<String, double[]> series = new LinkedHashMap<>();
  private boolean logarithmic;

  /**
   * @param across what the horizontal axis counts
   * @param up what the vertical axis counts
   */
  public Chart(String title, String across, String up) {
    this.title = title;
    this.across = across;
    this.up = up;
  }

  /** Adds a series: a number per place of the horizontal axis. */
  public void add(String name, double... numbers) {
    series.put(name, numbers.clone());
  }

  /** Makes both axes of lines logarithmic; numbers that are not above 0 leave a gap. */
  public Chart logarithmic() {
    this.logarithmic = true;
    return this;
  }

  private double scaled(double number) {
    return logarithmic ? number > 0 ? Math.log10(number) : Double.NaN : number;
  }

  /**
   * The series as lines.
   *
   * @param places of the horizontal axis, rising
   * @param ticks places that are named
   */
  public String lines(double[] places, double... ticks) {
    Frame frame = new Frame(false, scaled(places[0]), scaled(places[places.length - 1]));
    for (double place : ticks) {
      frame.acrossTick(frame.x(scaled(place)), number(place));
    }
    int number = 0;
    for (Map.Entry<String, double[]> entry : series.entrySet()) {
      StringBuilder path = new StringBuilder();
      boolean drawing = false;
      for (int i = 0; i < places.length; i++) {
        double value = scaled(entry.getValue()[i]);
        if (Double.isFinite(value)) {
          double x = frame.x(scaled(places[i]));
          double y = frame.y(value);
          path.append(String.format(Locale.ROOT, "%s%.1f %.1f ", drawing ? "L" : "M", x, y));
          frame.svg.dot(x, y, Svg.colour(number));
        }
        drawing = Double.isFinite(value);
      }
      frame.svg.path(path, Svg.colour(number));
      frame.legend(number++, entry.getKey());
    }
    return frame.svg.end();
  }

  /**
   * The series as groups of bars.
   *
   * @param places of the horizontal axis
   */
  public String bars(String... places) {
    Frame frame = new Frame(true, 0, places.length);
    double room = frame.x(1) - frame.x(0);
    double width = room * 0.85 / Math.max(1, series.size());
    for (int place = 0; place < places.length; place++) {
      frame.acrossTick(frame.x(place + 0.5), places[place]);
    }
    int number = 0;
    for (Map.Entry<String, double[]> entry : series.entrySet()) {
      for (int place = 0; place < places.length; place++) {
        double value = entry.getValue()[place];
        if (Double.isFinite(value)) {
          double x = frame.x(place) + room * 0.075 + width * number;
          double top = frame.y(Math.max(0, value));
          double height = frame.y(Math.min(0, value)) - top;
          frame.svg.rect(x, top, width * 0.9, height, Svg.colour(number));
        }
      }
      frame.legend(number++, entry.getKey());
    }
    return frame.svg.end();
  }

  private static String number(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e6
        ? String.format(Locale.ROOT, "%.0f", number)
        : Double.toString(Double.parseDouble(String.format(Locale.ROOT, "%.3g", number)));
  }

  /** Axes, their ticks and the legend. */
  private final class Frame {
    final Svg svg = new Svg(WIDTH, HEIGHT);
    private final double firstX;
    private final double lastX;
    private final double low;
    private final double high;

    Frame(boolean fromZero, double firstX, double lastX) {
      this.firstX = firstX;
      this.lastX = lastX;
      double least = fromZero ? 0 : Double.POSITIVE_INFINITY;
      double most = fromZero ? 0 : Double.NEGATIVE_INFINITY;
      for (double[] numbers : series.values()) {
        for (double raw : numbers) {
          double number = fromZero ? raw : scaled(raw);
          if (Double.isFinite(number)) {
            least = Math.min(least, number);
            most = Math.max(most, number);
          }
        }
      }
      double step = logarithmic ? 1 : step(least, most);
      this.low = least <= most ? Math.floor(least / step) * step : 0;
      this.high = Math.max(low + step, least <= most ? Math.ceil(most / step) * step : 1);
      svg.text(LEFT, 20, "start", title);
      svg.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, "middle", across);
      svg.upwards(18, (TOP + HEIGHT - BOTTOM) / 2, up);
      for (double tick = low; tick <= high + step / 2; tick += step) {
        svg.line(LEFT, y(tick), WIDTH - RIGHT, y(tick), GREY);
        svg.text(LEFT - 8, y(tick) + 4, "end", label(Math.abs(tick) < step / 1e6 ? 0 : tick));
      }
      svg.line(
          LEFT,
          y(Math.max(low, Math.min(0, high))),
          WIDTH - RIGHT,
          y(Math.max(low, Math.min(0, high))),
          BLACK);
    }

    /** 1, 2 or 5 times a power of ten, so that there are about as many ticks as wanted. */
    private double step(double least, double most) {
      double raw = most > least ? (most - least) / TICKS : 1.0 / TICKS;
      double power = Math.pow(10, Math.floor(Math.log10(raw)));
      double scaled = raw / power;
      return power * (scaled <= 1 ? 1 : scaled <= 2 ? 2 : scaled <= 5 ? 5 : 10);
    }

    private String label(double tick) {
      return number(logarithmic ? Math.pow(10, tick) : tick);
    }

    double x(double place) {
      double share = lastX > firstX ? (place - firstX) / (lastX - firstX) : 0.5;
      return LEFT + share * (WIDTH - RIGHT - LEFT);
    }

    double y(double number) {
      return HEIGHT - BOTTOM - (number - low) / (high - low) * (HEIGHT - BOTTOM - TOP);
    }

    void acrossTick(double x, String label) {
      svg.line(x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 4, BLACK);
      svg.text(x, HEIGHT - BOTTOM + 18, "middle", label);
    }

    void legend(int number, String name) {
      double y = TOP + 16 * number;
      svg.rect(WIDTH - RIGHT + 16, y - 9, 12, 10, Svg.colour(number));
      svg.text(WIDTH - RIGHT + 34, y, "start", name);
    }
  }
}
