#include "training/svg_plot.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace mint::training {
namespace {

constexpr double kLeft = 64;  // px around the axes
constexpr double kRight = 16;
constexpr double kTitle = 34;
constexpr double kBottom = 46;
constexpr double kLegendRow = 20;
constexpr size_t kMostPoints = 1000;  // per line; more are averaged, a page has few pixels
// Told apart also by colour-blind readers (Okabe and Ito), with a dark enough yellow.
constexpr const char* kColours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                    "#56b4e9", "#b8860b", "#7b5ea7", "#888888"};

struct Interval {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool is_empty() const { return !(low <= high); }
};

std::string number(double value) {
  char text[40];
  std::snprintf(text, sizeof(text), "%.1f", value);
  return text;
}

std::string attribute(const char* name, double value) {
  return std::string(" ") + name + "=\"" + number(value) + "\"";
}

std::string line_element(double x1, double y1, double x2, double y2, const std::string& style) {
  return "<line" + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) +
         attribute("y2", y2) + " " + style + "/>";
}

std::string text_element(double x, double y, const char* anchor, const std::string& text,
                         const std::string& more = "") {
  return "<text" + attribute("x", x) + attribute("y", y) + " text-anchor=\"" + anchor + "\"" +
         more + ">" + html_text(text) + "</text>";
}

// Names beside each other under the title, as many to a row as fit. Nameless lines have none.
struct LegendEntry {
  size_t series = 0;
  double x = 0;
  double y = 0;  // of the text's base line
};
std::vector<LegendEntry> legend_layout(const Plot& plot) {
  std::vector<LegendEntry> entries;
  double x = kLeft;
  double y = kTitle + 4;
  for (size_t i = 0; i < plot.series.size(); ++i) {
    if (plot.series[i].name.empty()) continue;
    const double width = 42 + 7 * static_cast<double>(plot.series[i].name.size());
    if (x > kLeft && x + width > plot.width_px) {
      x = kLeft;
      y += kLegendRow;
    }
    entries.push_back({i, x, y});
    x += width;
  }
  return entries;
}

// Where a point of the data lies on the picture.
class Frame {
 public:
  explicit Frame(const Plot& plot) : plot_(plot) {
    const auto entries = legend_layout(plot);
    top_ = entries.empty() ? kTitle : entries.back().y + 14;
    for (const auto& series : plot.series) {
      for (const auto& point : series.points) {
        if (!is_drawn(point)) continue;
        x_.include(point.first);
        y_.include(scaled(point.second));
      }
    }
    widen(x_, 0);
    widen(y_, plot.is_y_logarithmic ? 0.02 : 0.05);
    if (!is_empty() && !plot.is_y_logarithmic && y_.low < 0 && lowest_ >= 0) y_.low = 0;
  }

  bool is_empty() const { return x_.is_empty(); }
  bool is_drawn(const std::pair<double, double>& point) const {
    return std::isfinite(point.first) && std::isfinite(point.second) &&
           (!plot_.is_y_logarithmic || point.second > 0);
  }

  double left() const { return kLeft; }
  double right() const { return plot_.width_px - kRight; }
  double top() const { return top_; }
  double bottom() const { return plot_.height_px - kBottom; }
  double x(double value) const {
    return left() + (value - x_.low) / (x_.high - x_.low) * (right() - left());
  }
  double y(double value) const { return y_scaled(scaled(value)); }

  std::vector<double> x_ticks() const { return round_ticks(x_.low, x_.high, 6); }
  std::vector<double> y_ticks() const {
    if (!plot_.is_y_logarithmic) return round_ticks(y_.low, y_.high, 5);
    std::vector<double> ticks;
    const bool is_narrow = y_.high - y_.low < 2;  // decades
    const double stride = std::ceil((y_.high - y_.low) / 7);
    for (double power = std::floor(y_.low / stride) * stride; power <= y_.high; power += stride) {
      for (const double factor : {1.0, 2.0, 5.0}) {
        const double tick = factor * std::pow(10, power);
        const bool is_inside = std::log10(tick) >= y_.low && std::log10(tick) <= y_.high;
        if (is_inside && (factor == 1 || is_narrow)) ticks.push_back(tick);
      }
    }
    return ticks;
  }

 private:
  double scaled(double value) const { return plot_.is_y_logarithmic ? std::log10(value) : value; }
  double y_scaled(double value) const {
    return bottom() - (value - y_.low) / (y_.high - y_.low) * (bottom() - top());
  }
  void widen(Interval& interval, double fraction) {
    if (interval.is_empty()) return;
    if (&interval == &y_) lowest_ = interval.low;
    double margin = (interval.high - interval.low) * fraction;
    if (interval.high == interval.low) margin = std::max(0.5, std::abs(interval.low) / 2);
    interval.low -= margin;
    interval.high += margin;
  }

  const Plot& plot_;
  Interval x_;
  Interval y_;  // of the logarithm when logarithmic
  double lowest_ = 0;
  double top_ = kTitle;
};

// Means of neighbours, so that a long run does not make a page of megabytes.
Series thinned(const Series& series) {
  const size_t stride = (series.points.size() + kMostPoints - 1) / kMostPoints;
  if (stride <= 1) return series;
  Series thin{series.name, {}};
  for (size_t i = 0; i < series.points.size(); i += stride) {
    const size_t end = std::min(i + stride, series.points.size());
    double x = 0;
    double y = 0;
    for (size_t k = i; k < end; ++k) {
      x += series.points[k].first / static_cast<double>(end - i);
      y += series.points[k].second / static_cast<double>(end - i);
    }
    thin.points.emplace_back(x, y);
  }
  return thin;
}

std::string polyline(const Frame& frame, const Series& series, const char* colour) {
  std::string path;
  bool is_pen_down = false;
  for (const auto& point : series.points) {
    if (!frame.is_drawn(point)) {
      is_pen_down = false;
      continue;
    }
    path += (is_pen_down ? "L" : "M") + number(frame.x(point.first)) + " " +
            number(frame.y(point.second));
    is_pen_down = true;
  }
  std::string svg = "<path d=\"" + path + "\" fill=\"none\" stroke=\"" + colour +
                    "\" stroke-width=\"1.8\" stroke-linejoin=\"round\"/>";
  if (series.points.size() == 1 && frame.is_drawn(series.points[0]))
    svg += "<circle" + attribute("cx", frame.x(series.points[0].first)) +
           attribute("cy", frame.y(series.points[0].second)) + " r=\"3\" fill=\"" + colour + "\"/>";
  return svg;
}

std::string axes(const Frame& frame, const Plot& plot) {
  const std::string grid = "stroke=\"currentColor\" stroke-opacity=\"0.14\"";
  const std::string axis = "stroke=\"currentColor\" stroke-opacity=\"0.6\"";
  std::string svg;
  for (const double tick : frame.x_ticks()) {
    const double x = frame.x(tick);
    svg += line_element(x, frame.top(), x, frame.bottom(), grid);
    svg += line_element(x, frame.bottom(), x, frame.bottom() + 4, axis);
    svg += text_element(x, frame.bottom() + 17, "middle", tick_text(tick));
  }
  for (const double tick : frame.y_ticks()) {
    const double y = frame.y(tick);
    svg += line_element(frame.left(), y, frame.right(), y, grid);
    svg += line_element(frame.left() - 4, y, frame.left(), y, axis);
    svg += text_element(frame.left() - 8, y + 4, "end", tick_text(tick));
  }
  svg += line_element(frame.left(), frame.bottom(), frame.right(), frame.bottom(), axis);
  svg += line_element(frame.left(), frame.top(), frame.left(), frame.bottom(), axis);
  svg +=
      text_element((frame.left() + frame.right()) / 2, frame.bottom() + 36, "middle", plot.x_label);
  const double middle = (frame.top() + frame.bottom()) / 2;
  svg += text_element(14, middle, "middle", plot.y_label,
                      " transform=\"rotate(-90 14 " + number(middle) + ")\"");
  return svg;
}

std::string legend(const Plot& plot) {
  std::string svg;
  for (const auto& entry : legend_layout(plot)) {
    const std::string colour = kColours[entry.series % std::size(kColours)];
    svg += line_element(entry.x, entry.y - 4, entry.x + 18, entry.y - 4,
                        "stroke=\"" + colour + "\" stroke-width=\"3\"");
    svg += text_element(entry.x + 24, entry.y, "start", plot.series[entry.series].name);
  }
  return svg;
}

}  // namespace

std::string html_text(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::vector<double> round_ticks(double low, double high, int count) {
  if (!(low < high) || !std::isfinite(high - low) || count < 1) return {};
  const double raw = (high - low) / count;
  const double power = std::pow(10, std::floor(std::log10(raw)));
  double step = 10 * power;
  for (const double factor : {5.0, 2.0, 1.0})
    if (factor * power >= raw * 0.999) step = factor * power;
  std::vector<double> ticks;
  for (double k = std::ceil(low / step - 1e-9); k * step <= high + step * 1e-9; ++k)
    ticks.push_back(k == 0 ? 0 : k * step);
  return ticks;
}

std::string tick_text(double value) {
  char text[40];
  const double size = std::abs(value);
  std::snprintf(text, sizeof(text), size != 0 && (size < 1e-4 || size >= 1e7) ? "%.3g" : "%.10g",
                value);
  std::string shown = text;
  const size_t exponent = shown.find('e');  // 1e-06 reads better as 1e-6
  if (exponent != std::string::npos) {
    if (shown[exponent + 1] == '+') shown.erase(exponent + 1, 1);
    const size_t digits = shown.find_first_of("0123456789", exponent);
    while (shown[digits] == '0' && digits + 1 < shown.size()) shown.erase(digits, 1);
  }
  return shown;
}

std::string svg_plot(const Plot& plot) {
  const Frame frame(plot);
  const std::string width = std::to_string(plot.width_px);
  std::string svg = "<svg viewBox=\"0 0 " + width + " " + std::to_string(plot.height_px) +
                    "\" style=\"max-width:" + width + "px\" role=\"img\" aria-label=\"" +
                    html_text(plot.title) +
                    "\" font-family=\"system-ui,sans-serif\" font-size=\"12.5\" "
                    "fill=\"currentColor\">";
  svg += text_element(kLeft, 18, "start", plot.title, " font-size=\"14\" font-weight=\"600\"");
  if (frame.is_empty()) {
    svg += text_element(plot.width_px / 2.0, plot.height_px / 2.0, "middle", "nothing to show");
    return svg + "</svg>";
  }
  svg += axes(frame, plot);
  for (size_t i = 0; i < plot.series.size(); ++i)
    svg += polyline(frame, thinned(plot.series[i]), kColours[i % std::size(kColours)]);
  return svg + legend(plot) + "</svg>";
}

std::string svg_file(const Plot& plot) {
  std::string svg = svg_plot(plot);
  const std::string start = "<svg";
  svg.insert(start.size(), " xmlns=\"http://www.w3.org/2000/svg\" width=\"" +
                               std::to_string(plot.width_px) + "\" height=\"" +
                               std::to_string(plot.height_px) + "\" color=\"#000\"");
  svg.insert(svg.find('>') + 1, "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
  return svg + "\n";
}

}  // namespace mint::training
